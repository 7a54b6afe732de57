using FlussLake.Client.Log.Arrow;
using FlussLake.Fuzz.Tests.Corpora;

namespace FlussLake.Fuzz.Tests.Targets;

public unsafe class ZstdFrameTarget : CompressedFrameTarget
{
    private readonly ZstdFrame _zstd;

    public ZstdFrameTarget()
        : this(new NativeZstdFrame())
    {
    }

    private protected ZstdFrameTarget(ZstdFrame zstd) => _zstd = zstd;

    protected override IReadOnlyList<byte[]> Corpus { get; } = [.. CompressedFrames.Golden("zstd"), .. CompressedFrames.MadeZstd()];

    protected override bool CanHold(byte* frame, int length, long size) => _zstd.CanHold(frame, length, size);

    protected override bool TryDecompress(byte* frame, int length, byte* target, int size) => _zstd.TryDecompress(frame, length, target, size);

    protected override void Dispose(bool disposing)
    {
        _zstd.Dispose();
        base.Dispose(disposing);
    }
}
