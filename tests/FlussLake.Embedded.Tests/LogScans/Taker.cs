using FlussLake.Client.Log;
using FlussLake.Data.DuckDb;

namespace FlussLake.Embedded.Tests.LogScans;

/// <summary>A thread that takes one batch from a scan.</summary>
internal sealed class Taker
{
    private readonly Thread _thread;
    private bool _taken;
    private long? _offset;
    private Exception? _failure;

    public Taker(LogTableScan scan, WorkAndWait time)
    {
        _thread = new Thread(() =>
        {
            try
            {
                _taken = scan.TryTake(time, out LogScanBatch? batch);
                using (batch)
                {
                    _offset = batch?.Header.BaseOffset;
                }
            }
            catch (Exception exception)
            {
                _failure = exception;
            }
        })
        { IsBackground = true };
        _thread.Start();
    }

    public bool HasEnded => !_thread.IsAlive;

    public bool IsWaiting(TimeSpan patience) => SpinWait.SpinUntil(() => (_thread.ThreadState & ThreadState.WaitSleepJoin) != 0, patience) && _thread.IsAlive;

    public (bool Taken, long? Offset) Result(TimeSpan patience)
    {
        Assert.True(_thread.Join(patience), "The thread waits for ever.");
        Assert.Null(_failure);
        return (_taken, _offset);
    }
}
