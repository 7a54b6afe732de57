namespace FlussLake.Client.Threading;

/// <summary>
/// A caller's token, seen from our side: the cancellation is passed on from a thread of ours. The thread that cancels may have a synchronization context, and then the
/// continuations of what it cancels would go to the thread pool.
/// </summary>
internal sealed class CallerCancellation : IDisposable
{
    private readonly CancellationTokenSource? _own;
    private readonly CancellationTokenRegistration _registration;

    public CallerCancellation(CancellationToken caller)
    {
        if (!caller.CanBeCanceled)
        {
            return;
        }

        _own = new CancellationTokenSource();
        _registration = caller.UnsafeRegister(static state => DispatchThreads.Post(Cancel, state), _own);
    }

    /// <summary>Waits for a task of ours, or until the caller's token is cancelled.</summary>
    public static async Task WaitAsync(Task task, CancellationToken caller)
    {
        if (task.IsCompleted || !caller.CanBeCanceled)
        {
            await task.ConfigureAwait(false);
            return;
        }

        using CallerCancellation cancellation = new(caller);
        try
        {
            await task.WaitAsync(cancellation.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (caller.IsCancellationRequested)
        {
            throw new OperationCanceledException(caller);
        }
    }

    public CancellationToken Token => _own?.Token ?? CancellationToken.None;

    // Disposing the registration waits for its callback only, which never blocks. The source stays undisposed: it has neither timer nor handle, and may be passing on
    // the cancellation at this moment.
    public void Dispose() => _registration.Dispose();

    private static void Cancel(object? state) => ((CancellationTokenSource)state!).Cancel();
}
