using System.Text;

using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;
using FlussLake.Lake;
using FlussLake.Lake.Paimon;
using FlussLake.Lake.Tests;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>A whole plan where the snapshot, or the schema, is what the input says: what one file claims must fit what the others hold.</summary>
public sealed class LakePlanTarget : FuzzTarget
{
    private const string Snapshot = "/lake/snapshot/snapshot-2";
    private const string Schema = "/lake/schema/schema-0";

    private readonly MemoryLakeStorage _lake = LakeFixtures.InMemory("part_two");
    private readonly byte[] _snapshot;
    private readonly byte[] _schema;

    public LakePlanTarget()
    {
        _snapshot = _lake.Files[Snapshot];
        _schema = _lake.Files[Schema];
        Corpus = [_snapshot, _schema];
    }

    protected override IReadOnlyList<byte[]> Corpus { get; }

    protected override long MaxAllocation(int inputLength) => (1 << 20) + (200L * inputLength);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) => JsonMutation.Apply(input, corpus, random);

    protected override bool TryDecode(byte[] input)
    {
        bool isSchema = input.AsSpan().IndexOf("partitionKeys"u8) >= 0;
        _lake.Reads.Clear();
        _lake.Files[Snapshot] = isSchema ? _snapshot : input;
        _lake.Files[Schema] = isSchema ? input : _schema;
        try
        {
            LakeScan scan = new PaimonPlanner(_lake, 0).PlanAsync("/lake", 2, CancellationToken.None).GetAwaiter().GetResult();
            Assert.All(scan.Files, static file => Assert.True(file.Path.Length > 0 && Encoding.UTF8.GetByteCount(file.Path) > 0));
            return true;
        }
        catch (LakeException)
        {
            return false;
        }
    }
}
