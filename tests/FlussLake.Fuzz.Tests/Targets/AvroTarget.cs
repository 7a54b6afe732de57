using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Files in the Avro container format.</summary>
public abstract class AvroTarget : LakeFileTarget
{
    protected sealed override IReadOnlyList<byte[]> Corpus => field ??= [.. Files, .. Files.Where(static file => file.AsSpan().StartsWith("Obj"u8)).Select(AvroMutation.Uncompressed)];

    /// <summary>Files as their writers compressed them.</summary>
    protected abstract IReadOnlyList<byte[]> Files { get; }

    // A block that decompresses to much is found out by its limit, and a frame's window is as large as it says.
    protected override long MaxAllocation(int inputLength) => (512 << 10) + (200L * inputLength);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) => AvroMutation.Apply(input, corpus, random);
}
