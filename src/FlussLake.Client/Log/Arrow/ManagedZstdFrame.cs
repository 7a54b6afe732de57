using ZstdSharp.Unsafe;

namespace FlussLake.Client.Log.Arrow;

/// <summary>ZSTD by ZstdSharp, for platforms where no native library loads: somewhat slower, and compiled at first use.</summary>
internal sealed unsafe class ManagedZstdFrame : ZstdFrame
{
    private readonly ManagedZstdContext _context = new();

    public override void Dispose() => _context.Dispose();

    protected override ulong ContentSize(byte* source, nuint sourceLength) => Methods.ZSTD_getFrameContentSize(source, sourceLength);

    protected override nuint FrameLength(byte* source, nuint sourceLength) => Methods.ZSTD_findFrameCompressedSize(source, sourceLength);

    protected override nuint Decompress(byte* source, nuint sourceLength, byte* target, nuint targetLength)
    {
        ObjectDisposedException.ThrowIf(_context.IsClosed, this);
        return Methods.ZSTD_decompressDCtx(_context.Context, target, targetLength, source, sourceLength);
    }
}
