namespace FlussLake.Client.Log.Arrow;

/// <summary>Decompresses ZSTD frames into memory of exactly known size. One instance belongs to one thread.</summary>
internal abstract unsafe class ZstdFrame : IDisposable
{
    /// <summary>What libzstd answers where a frame does not tell its content's size.</summary>
    protected const ulong SizeUnknown = ulong.MaxValue;

    /// <summary>What a block of 128 KiB of one repeated byte compresses to, at least: its 3 bytes of header and the byte.</summary>
    private const long LargestRatio = (128L << 10) / 4;

    /// <summary>Creates a decompressor: native libzstd where it can be loaded, or else ZstdSharp.</summary>
    public static ZstdFrame Create() => LibZstd.IsAvailable ? new NativeZstdFrame() : new ManagedZstdFrame();

    /// <summary>Whether a frame may hold <paramref name="length"/> bytes: asked before memory is set aside for them.</summary>
    public bool CanHold(byte* source, int sourceLength, long length)
    {
        ulong size = ContentSize(source, (nuint)sourceLength);
        return length <= sourceLength * LargestRatio && (size == SizeUnknown || size == (ulong)length);
    }

    /// <summary>Decompresses the frame at <paramref name="source"/>; padding may follow it.</summary>
    /// <returns>False where it is damaged or does not hold exactly <paramref name="targetLength"/> bytes.</returns>
    public bool TryDecompress(byte* source, int sourceLength, byte* target, int targetLength)
    {
        // A body that the server has projected may count a buffer's padding to its length, which libzstd would take for another frame.
        nuint length = FrameLength(source, (nuint)sourceLength);
        return length <= (nuint)sourceLength && Decompress(source, length, target, (nuint)targetLength) == (nuint)targetLength;
    }

    public abstract void Dispose();

    protected abstract ulong ContentSize(byte* source, nuint sourceLength);

    /// <summary>The frame's length in bytes; above <paramref name="sourceLength"/> where there is no whole frame.</summary>
    protected abstract nuint FrameLength(byte* source, nuint sourceLength);

    /// <summary>The number of bytes written; above <paramref name="targetLength"/> for a damaged frame. libzstd's error codes are the largest values of the type.</summary>
    protected abstract nuint Decompress(byte* source, nuint sourceLength, byte* target, nuint targetLength);
}
