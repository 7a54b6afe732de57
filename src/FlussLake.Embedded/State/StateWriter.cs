using FlussLake.Client;

using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace FlussLake.Embedded.State;

/// <summary>The one thread that changes the state. What waits when it is free is committed together, so that many small appends cost one commit.</summary>
internal sealed class StateWriter : IDisposable
{
    private const int MaxGroup = 256;

    private readonly StateStore _store;
    private readonly ILogger _logger;
    private readonly object _gate = new();
    private readonly Queue<IStateWork> _queue = new();
    private readonly Thread _thread;
    private bool _disposed;

    public StateWriter(StateStore store, ILogger logger)
    {
        _store = store;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "embedded Fluss state" };
        _thread.UnsafeStart();
    }

    /// <summary>Queues a change. Never blocks.</summary>
    /// <exception cref="FlussException">The server is being stopped.</exception>
    public void Enqueue(IStateWork work)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                throw Stopping();
            }

            _queue.Enqueue(work);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Makes a change in a transaction of its own and waits for its commit.</summary>
    /// <param name="apply">The change.</param>
    /// <param name="committed">What follows the commit before the writer does anything else, or null.</param>
    /// <exception cref="FlussException">The state cannot be written.</exception>
    public void Execute(Action<SqliteConnection> apply, Action? committed = null)
    {
        BlockingWork work = new(apply, committed);
        Enqueue(work);
        work.Wait();
    }

    /// <summary>Writes what is queued and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private static FlussException Stopping() => new("The server is being stopped.", FlussErrorCode.StorageFailure);

    private void Run()
    {
        List<IStateWork> group = new(MaxGroup);
        while (TryTake(group))
        {
            try
            {
                _store.Write(connection =>
                {
                    foreach (IStateWork work in group)
                    {
                        work.Apply(connection);
                    }
                });
            }
#pragma warning disable CA1031 // Whatever prevented the commit, those who wait must learn of it, and the writer goes on.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fail(group, exception);
                continue;
            }

            foreach (IStateWork work in group)
            {
                Report(work, static work => work.Committed());
            }
        }
    }

    private void Report(IStateWork work, Action<IStateWork> report)
    {
        try
        {
            report(work);
        }
#pragma warning disable CA1031 // What one caller makes of its result must not end the thread that all others need.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            EmbeddedLog.ReportingFailed(_logger, exception);
        }
    }

    private void Fail(List<IStateWork> group, Exception exception)
    {
        Exception reported = exception;
        if (exception is not FlussException)
        {
            EmbeddedLog.WritingFailed(_logger, exception);
            reported = new FlussException($"The state could not be written: {exception.Message}", FlussErrorCode.StorageFailure, exception);
        }

        foreach (IStateWork work in group)
        {
            Report(work, work => work.Failed(reported));
        }
    }

    private bool TryTake(List<IStateWork> group)
    {
        group.Clear();
        lock (_gate)
        {
            while (_queue.Count == 0)
            {
                if (_disposed)
                {
                    return false;
                }

                Monitor.Wait(_gate);
            }

            do
            {
                group.Add(_queue.Dequeue());
            }
            while (!group[0].IsAlone && group.Count < MaxGroup && _queue.TryPeek(out IStateWork? next) && !next.IsAlone);
            return true;
        }
    }
}
