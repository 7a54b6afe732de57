using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;
using FlussLake.Lake;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Paimon's JSON files.</summary>
public abstract class LakeJsonTarget : FuzzTarget
{
    protected override long MaxAllocation(int inputLength) => (256 << 10) + (200L * inputLength);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) => JsonMutation.Apply(input, corpus, random);

    protected override bool TryDecode(byte[] input)
    {
        try
        {
            Decode(input);
            return true;
        }
        catch (LakeException refusal) when (refusal.Kind is LakeErrorKind.Damaged or LakeErrorKind.NotSupported)
        {
            return false;
        }
    }

    protected abstract void Decode(byte[] input);
}
