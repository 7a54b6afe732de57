using System.Text;

using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Lake;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Locations as servers and lake metadata write them.</summary>
public sealed class LakeLocationTarget : FuzzTarget
{
    private readonly LocalLakeStorage _storage = new();

    protected override IReadOnlyList<byte[]> Corpus { get; } =
        ["/lake/shop.db/orders"u8.ToArray(), "file:///lake/shop.db/orders/"u8.ToArray(), "file:/lake/a%3Ab"u8.ToArray(), "file://localhost/lake"u8.ToArray()];

    protected override long MaxAllocation(int inputLength) => (64 << 10) + (32L * inputLength);

    protected override bool TryDecode(byte[] input)
    {
        try
        {
            Assert.NotEmpty(_storage.Resolve(Encoding.UTF8.GetString(input)));
            return true;
        }
        catch (LakeException)
        {
            return false;
        }
    }
}
