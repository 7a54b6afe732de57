using System.Numerics;
using System.Runtime.InteropServices;

namespace FlussLake.Client.Log.Arrow;

/// <summary>
/// Lends native memory and keeps what comes back, up to a bound. Sizes come in four steps for each power of two, so that at most a fifth of a slab lies idle
/// (above 4 KiB). May be used from all threads.
/// </summary>
internal sealed unsafe class NativeSlabPool
{
    private const int SmallestLog = 12;
    private const int LargestLog = 25;

    private readonly Lock _gate = new();
    private readonly NativeSlab?[] _kept = new NativeSlab?[(LargestLog - SmallestLog + 1) * 4];
    private readonly long _keepLimit;
    private long _keptBytes;
    private long _rentedBytes;

    /// <summary>Creates a pool.</summary>
    /// <param name="keepLimit">How many bytes that nobody uses the pool keeps at most.</param>
    public NativeSlabPool(long keepLimit) => _keepLimit = keepLimit;

    /// <summary>The pool of the process.</summary>
    public static NativeSlabPool Shared { get; } = new(64L << 20);

    /// <summary>The bytes that are lent now.</summary>
    public long RentedBytes => Volatile.Read(ref _rentedBytes);

    /// <summary>The bytes that wait in the pool now.</summary>
    public long KeptBytes => Volatile.Read(ref _keptBytes);

    /// <summary>Overwrites what comes back, so that a test sees who reads memory that was given back.</summary>
    public bool PoisonReturned { get; set; }

    /// <summary>Lends memory with undefined content.</summary>
    /// <param name="bytes">The number of bytes that are needed, above 0.</param>
    /// <returns>A slab of at least that size; the caller gives it to <see cref="Return"/> exactly once.</returns>
    public NativeSlab Rent(long bytes)
    {
        long size = Math.Max(bytes, 1L << SmallestLog);
        int log = BitOperations.Log2((ulong)size);
        long step = 1L << (log - 2);
        size = (size + step - 1) & -step;
        log = BitOperations.Log2((ulong)size);
        int sizeClass = log > LargestLog ? -1 : ((log - SmallestLog) * 4) + (int)((size >> (log - 2)) & 3);
        NativeSlab? slab = sizeClass < 0 ? null : TakeKept(sizeClass);
        slab ??= new NativeSlab((nint)NativeMemory.AlignedAlloc((nuint)size, NativeSlab.Alignment), size, sizeClass);
        Interlocked.Add(ref _rentedBytes, slab.Size);
        return slab;
    }

    /// <summary>Takes a slab back.</summary>
    public void Return(NativeSlab slab)
    {
        Interlocked.Add(ref _rentedBytes, -slab.Size);
        if (PoisonReturned)
        {
            NativeMemory.Fill((void*)slab.Address, (nuint)slab.Size, 0xDB);
        }

        if (slab.SizeClass < 0 || !TryKeep(slab))
        {
            NativeMemory.AlignedFree((void*)slab.Address);
        }
    }

    private NativeSlab? TakeKept(int sizeClass)
    {
        lock (_gate)
        {
            NativeSlab? slab = _kept[sizeClass];
            if (slab is not null)
            {
                _kept[sizeClass] = slab.Next;
                slab.Next = null;
                _keptBytes -= slab.Size;
            }

            return slab;
        }
    }

    private bool TryKeep(NativeSlab slab)
    {
        lock (_gate)
        {
            if (_keptBytes + slab.Size > _keepLimit)
            {
                return false;
            }

            slab.Next = _kept[slab.SizeClass];
            _kept[slab.SizeClass] = slab;
            _keptBytes += slab.Size;
            return true;
        }
    }
}
