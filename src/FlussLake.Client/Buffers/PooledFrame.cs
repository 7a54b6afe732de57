namespace FlussLake.Client.Buffers;

/// <summary>One response frame, without its length field, in a rented buffer. Whoever holds it last gives it back by <see cref="Dispose"/>.</summary>
internal sealed class PooledFrame(FramePool pool, byte[] array, int length) : IDisposable
{
    private byte[]? _array = array;

    /// <summary>The bytes that were rented, at least <see cref="Length"/>.</summary>
    public int Capacity { get; } = array.Length;

    public int Length { get; } = length;

    public Span<byte> Span => Array.AsSpan(0, Length);

    public Memory<byte> Memory => Array.AsMemory(0, Length);

    private byte[] Array => Volatile.Read(ref _array) ?? throw new ObjectDisposedException(nameof(PooledFrame));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } rented)
        {
            pool.Return(rented);
        }
    }
}
