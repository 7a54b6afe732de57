using System.Runtime.ExceptionServices;

using Microsoft.Data.Sqlite;

namespace FlussLake.Embedded.State;

/// <summary>A change whose caller waits until it is committed.</summary>
internal sealed class BlockingWork(Action<SqliteConnection> apply, Action? committed) : IStateWork
{
    private readonly object _gate = new();
    private bool _done;
    private Exception? _failure;

    public bool IsAlone => true;

    public void Apply(SqliteConnection connection) => apply(connection);

    public void Committed()
    {
        try
        {
            committed?.Invoke();
        }
        finally
        {
            End(null);
        }
    }

    public void Failed(Exception exception) => End(exception);

    /// <summary>Waits for the commit; throws what prevented it.</summary>
    public void Wait()
    {
        lock (_gate)
        {
            while (!_done)
            {
                Monitor.Wait(_gate);
            }
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    private void End(Exception? failure)
    {
        lock (_gate)
        {
            _failure = failure;
            _done = true;
            Monitor.PulseAll(_gate);
        }
    }
}
