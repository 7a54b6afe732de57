using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Lake;
using FlussLake.Lake.Paimon;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Partition values in the serialised rows of manifests, read as every type that a key may have. The first byte of an input says which; its highest bit, whether folders are named as by old versions.</summary>
public sealed class PartitionRowTarget : FuzzTarget
{
    private static readonly string[] s_types = ["STRING", "BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "DATE", "TIME(3)", "TIME(0)", "TIMESTAMP(3)", "TIMESTAMP(9)", "CHAR(10)", "DECIMAL(10,2)", "BYTES", "FLOAT", "DOUBLE", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TIMESTAMP(9) WITH LOCAL TIME ZONE"];

    protected override IReadOnlyList<byte[]> Corpus { get; } =
    [
        [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, (byte)'a', (byte)'b', 0, 0, 0, 0, 0, 0x82],
        [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 16, 0, 0, 0, .. "0123456789"u8, 0, 0, 0, 0, 0, 0],
        [4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 42, 0, 0, 0, 0, 0, 0, 0],
        [6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0xE8, 3, 0, 0, 0, 0, 0, 0],
        [0x87, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0xE8, 3, 0, 0, 0, 0, 0, 0],
        [10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 16, 0, 0, 0, 0xE8, 3, 0, 0, 0, 0, 0, 0],
        [5, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ];

    protected override long MaxAllocation(int inputLength) => (64 << 10) + (32L * inputLength);

    protected override bool TryDecode(byte[] input)
    {
        if (input.Length == 0)
        {
            return false;
        }

        try
        {
            PaimonPartition partition = Partitions(s_types[(input[0] & 0x7F) % s_types.Length], (input[0] & 0x80) != 0).Get(input.AsMemory(1));
            Assert.StartsWith("k=", partition.Folder, StringComparison.Ordinal);
            return true;
        }
        catch (LakeException)
        {
            return false;
        }
    }

    private static PaimonPartitions Partitions(string type, bool isLegacy) => new(
        "the-table",
        new LakeSchema(0, [new LakeField(0, "k", type, true)], ["k"], []),
        PaimonOptions.Read("the-table", new Dictionary<string, string> { ["partition.legacy-name"] = isLegacy ? "true" : "false" }));
}
