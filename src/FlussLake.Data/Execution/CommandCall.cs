using System.Diagnostics.CodeAnalysis;

namespace FlussLake.Data.Execution;

/// <summary>
/// One call of a command from the moment in which it is made: the time that it waits for a thread counts, and a Cancel reaches it before its statement has begun.
/// </summary>
/// <param name="timeout">How long the call may take; zero means for ever.</param>
/// <param name="cancellationToken">The caller's token.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The source has neither timer nor handle, and a late Cancel may come at any time.")]
internal sealed class CommandCall(TimeSpan timeout, CancellationToken cancellationToken)
{
    private readonly CancellationTokenSource _cancelled = new();

    /// <summary>When the call was made, on the clock of <see cref="Environment.TickCount64"/>.</summary>
    public long Started { get; } = Environment.TickCount64;

    public TimeSpan Timeout { get; } = timeout;

    public CancellationToken Token { get; } = cancellationToken;

    /// <summary>Trips when <see cref="FlussLakeCommand.Cancel"/> is called.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    public void Cancel() => _cancelled.Cancel();
}
