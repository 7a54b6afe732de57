using FlussLake.Client.Log.Arrow;
using FlussLake.Fuzz.Tests.Corpora;

namespace FlussLake.Fuzz.Tests.Targets;

public sealed unsafe class Lz4FrameTarget : CompressedFrameTarget
{
    protected override IReadOnlyList<byte[]> Corpus { get; } = [.. CompressedFrames.Golden("lz4"), .. CompressedFrames.MadeLz4()];

    protected override bool CanHold(byte* frame, int length, long size) => Lz4Frame.CanHold(new ReadOnlySpan<byte>(frame, length), size);

    protected override bool TryDecompress(byte* frame, int length, byte* target, int size) => Lz4Frame.TryDecompress(new ReadOnlySpan<byte>(frame, length), target, size);
}
