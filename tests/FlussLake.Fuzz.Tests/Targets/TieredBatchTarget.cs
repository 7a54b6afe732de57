using System.Buffers.Binary;

using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Client.Tests.Log;
using FlussLake.Embedded.Tiering;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;
using FlussLake.Lake;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Batches that writers sent to the embedded server, on their way into the lake: every value is written into pages.</summary>
public sealed class TieredBatchTarget : FuzzTarget, IDisposable
{
    private readonly string _warehouse = Directory.CreateTempSubdirectory("flusslake-fuzz-").FullName;
    private readonly TableInfo _table;

    public TieredBatchTarget()
    {
        FlussColumn[] columns = Answers.Columns("nested");
        _table = new TableInfo
        {
            Path = BatchFixture.Table,
            TableId = 7,
            Schema = new TableSchema(1, columns, []),
            PartitionKeys = [],
            BucketKeys = [],
            BucketCount = 1,
            Properties = new Dictionary<string, string>(),
            CustomProperties = new Dictionary<string, string>(),
            Comment = null,
            CreatedTime = DateTimeOffset.UnixEpoch,
            ModifiedTime = DateTimeOffset.UnixEpoch,
        };
        new PaimonCatalog(_warehouse).CreateTable(_table);
    }

    protected override IReadOnlyList<byte[]> Corpus { get; } = ClientFixtures.Batches("nested_none");

    protected override long Borrowed => NativeSlabPool.Shared.RentedBytes;

    // Pages of every column, which start small, and the lake table's own metadata.
    protected override long MaxAllocation(int inputLength) => (4 << 20) + (64L * inputLength);

    public void Dispose() => Directory.Delete(_warehouse, recursive: true);

    protected override byte[] Cut(byte[] entry, int length) => Sized(entry[..length]);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) =>
        Sized(input.Length > 200 && !random.OneIn(4) ? ByteMutation.Number(input, 40 + random.Below(input.Length - 40), random) : ByteMutation.Apply(input, corpus, random));

    protected override bool TryDecode(byte[] input)
    {
        try
        {
            if (!LogBatchHeader.TryRead(input, out LogBatchHeader header))
            {
                return false;
            }

            using PaimonTieringRound round = new(_warehouse, _table);
            round.Write(new TableBucket(7, null, 0), null, _table.Schema, header, input, 0, header.RecordCount);
            return true;
        }
        catch (Exception refusal) when (refusal is FlussException or LakeException)
        {
            return false;
        }
    }

    private static byte[] Sized(byte[] batch)
    {
        if (batch.Length >= 12)
        {
            BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(8), batch.Length - 12);
        }

        return batch;
    }
}
