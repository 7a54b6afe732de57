using System.Numerics;

using FlussLake.Client.Threading;

namespace FlussLake.Client.Buffers;

/// <summary>
/// Buffers for response frames and for batches on their way, one pool for the process. Eight size classes for each power of two: classes of powers of two would waste up to half of the memory that
/// the read-ahead budget grants. What is not used for a while goes back to the runtime.
/// </summary>
internal sealed class FramePool
{
    private const int SmallestSize = 4096;
    private const long MaxIdleBytes = 64L << 20;
    private static readonly TimeSpan s_idleLifetime = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Stack<byte[]>> _idle = [];
    private ITimer? _trim;
    private long _idleBytes;
    private bool _trimming;
    private bool _usedSinceTrim;
    private int _rented;

    public static FramePool Shared { get; } = new();

    /// <summary>The number of frames that are rented now.</summary>
    public int Rented => Volatile.Read(ref _rented);

    public static int SizeClass(int length)
    {
        if (length <= SmallestSize)
        {
            return SmallestSize;
        }

        int step = 1 << (BitOperations.Log2((uint)(length - 1)) - 3);
        return (int)Math.Min(Array.MaxLength, ((long)length + step - 1) / step * step);
    }

    public PooledFrame Rent(int length)
    {
        int size = SizeClass(length);
        byte[]? array = null;
        lock (_gate)
        {
            _usedSinceTrim = true;
            if (_idle.TryGetValue(size, out Stack<byte[]>? stack) && stack.TryPop(out array))
            {
                _idleBytes -= size;
            }
        }

        // Pinned, so that decoders may hand addresses to native code.
        array ??= GC.AllocateUninitializedArray<byte>(size, pinned: true);
        Interlocked.Increment(ref _rented);
        return new PooledFrame(this, array, length);
    }

    internal void Return(byte[] array)
    {
        Interlocked.Decrement(ref _rented);
        lock (_gate)
        {
            if (_idleBytes + array.Length > MaxIdleBytes)
            {
                return;
            }

            if (!_idle.TryGetValue(array.Length, out Stack<byte[]>? stack))
            {
                _idle[array.Length] = stack = new Stack<byte[]>();
            }

            stack.Push(array);
            _idleBytes += array.Length;
            if (!_trimming)
            {
                _trimming = true;
                _usedSinceTrim = false;
                _trim ??= DedicatedTimeProvider.Instance.CreateInlineTimer(static state => ((FramePool)state!).Trim(), this);
                _trim.Change(s_idleLifetime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Trim()
    {
        lock (_gate)
        {
            if (_usedSinceTrim)
            {
                _usedSinceTrim = false;
                _trim!.Change(s_idleLifetime, Timeout.InfiniteTimeSpan);
                return;
            }

            _idle.Clear();
            _idleBytes = 0;
            _trimming = false;
        }
    }
}
