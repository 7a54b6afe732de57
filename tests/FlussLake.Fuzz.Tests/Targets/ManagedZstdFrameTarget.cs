using FlussLake.Client.Log.Arrow;
using FlussLake.Fuzz.Tests.Corpora;

namespace FlussLake.Fuzz.Tests.Targets;

public sealed unsafe class ManagedZstdFrameTarget : CompressedFrameTarget
{
    private readonly ManagedZstdFrame _zstd = new();

    protected override IReadOnlyList<byte[]> Corpus { get; } = [.. CompressedFrames.Golden("zstd"), .. CompressedFrames.MadeZstd()];

    protected override bool CanHold(byte* frame, int length, long size) => _zstd.CanHold(frame, length, size);

    protected override bool TryDecompress(byte* frame, int length, byte* target, int size) => _zstd.TryDecompress(frame, length, target, size);

    protected override void Dispose(bool disposing)
    {
        _zstd.Dispose();
        base.Dispose(disposing);
    }
}
