using System.Diagnostics;
using FlussLake.Data;

namespace FlussLake.Embedded.Tests.Cancellation;

/// <summary>A call that is under way and will be stopped: how it ends is checked.</summary>
internal sealed class StoppedCall : IDisposable
{
    // A call ends at once; a busy machine takes its time.
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(8);

    private readonly StopTrigger _trigger;
    private readonly CancellationTokenSource _source = new();
    private readonly FlussLakeCommand _command;
    private readonly bool _hasToken;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Task _call;

    public StoppedCall(FlussLakeCommand command, StopTrigger trigger, Func<FlussLakeCommand, CancellationToken, Task> call)
        : this(command, trigger, hasToken: true)
    {
        _call = call(command, _source.Token);
    }

    public StoppedCall(FlussLakeCommand command, StopTrigger trigger, Action<FlussLakeCommand> call)
        : this(command, trigger, hasToken: false)
    {
        // Not on the thread pool, which other tests starve.
        _call = Task.Factory.StartNew(() => call(command), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private StoppedCall(FlussLakeCommand command, StopTrigger trigger, bool hasToken)
    {
        _command = command;
        _trigger = trigger;
        _hasToken = hasToken;
        _call = Task.CompletedTask;
        command.CommandTimeout = SecondsOf(trigger);
    }

    /// <summary>The time-out of a command whose call the trigger is to end; 0, which is none, unless it is the time-out itself.</summary>
    public static int SecondsOf(StopTrigger trigger) => trigger == StopTrigger.Timeout ? 1 : 0;

    public bool IsOver => _call.IsCompleted;

    /// <summary>Waits until the call is where it is to be stopped. On a busy machine a time-out may come first, which is as good an end.</summary>
    public void Until(Func<bool> isThere, string what) => OneLine.Until(() => isThere() || (_trigger == StopTrigger.Timeout && IsOver), what);

    /// <summary>Pulls the trigger, waits for the end, and checks that it is the one that the trigger promises.</summary>
    public async Task<Exception> StopAsync()
    {
        Assert.True(_trigger == StopTrigger.Timeout || !IsOver, $"The call was over before it was stopped: {_call.Exception}");
        switch (_trigger)
        {
            case StopTrigger.Token when _hasToken:
                await _source.CancelAsync();
                break;
            case StopTrigger.Token or StopTrigger.Cancel:
                _command.Cancel();
                break;
            default:
                break;
        }

        Exception? end = await Record.ExceptionAsync(() => _call.WaitAsync(s_soon, TestContext.Current.CancellationToken));
        Assert.True(_call.IsCompleted, "The call did not end.");
        if (_trigger == StopTrigger.Timeout)
        {
            FlussLakeException timedOut = Assert.IsType<FlussLakeException>(end);
            Assert.IsType<TimeoutException>(timedOut.InnerException);
            Assert.Equal("57014", timedOut.SqlState);
            Assert.InRange(Stopwatch.GetElapsedTime(_started).TotalSeconds, 0.9, 1 + s_soon.TotalSeconds);
            return timedOut;
        }

        OperationCanceledException cancelled = Assert.IsType<OperationCanceledException>(end, exactMatch: false);
        if (_hasToken)
        {
            Assert.True(_call.IsCanceled);
            if (_trigger == StopTrigger.Token)
            {
                Assert.Equal(_source.Token, cancelled.CancellationToken);
            }
        }

        return cancelled;
    }

    public void Dispose() => _source.Dispose();
}
