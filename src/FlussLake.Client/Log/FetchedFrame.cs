using FlussLake.Client.Buffers;

namespace FlussLake.Client.Log;

/// <summary>A frame that several batches lie in. The last one that is disposed gives the buffer and its part of the budget back.</summary>
internal sealed class FetchedFrame(LogScan scan, PooledFrame frame)
{
    private int _references;

    public PooledFrame Frame => frame;

    /// <summary>Hands the frame to its batches, before any of them is.</summary>
    public void Share(int batches) => _references = batches;

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            int capacity = frame.Capacity;
            frame.Dispose();
            scan.OnFrameReleased(capacity);
        }
    }
}
