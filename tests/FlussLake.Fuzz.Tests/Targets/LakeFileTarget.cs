using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Lake;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Files of lake metadata, which are refused as damaged or as not supported.</summary>
public abstract class LakeFileTarget : FuzzTarget
{
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
