namespace FlussLake.Client.Log.Arrow;

/// <summary>ZSTD by native libzstd.</summary>
internal sealed unsafe class NativeZstdFrame : ZstdFrame
{
    private readonly NativeZstdContext _context = new();

    public override void Dispose() => _context.Dispose();

    protected override ulong ContentSize(byte* source, nuint sourceLength) => LibZstd.ZSTD_getFrameContentSize(source, sourceLength);

    protected override nuint FrameLength(byte* source, nuint sourceLength) => LibZstd.ZSTD_findFrameCompressedSize(source, sourceLength);

    protected override nuint Decompress(byte* source, nuint sourceLength, byte* target, nuint targetLength)
        => LibZstd.ZSTD_decompressDCtx(_context, target, targetLength, source, sourceLength);
}
