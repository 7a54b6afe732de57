using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Tests.Log;
using FlussLake.Embedded.Catalog;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>What clients want tables of the embedded server to be: a description that is accepted is written and read again.</summary>
public sealed class CreatedTableTarget : FuzzTarget
{
    private readonly TableRules _rules = new(1, 1);

    protected override IReadOnlyList<byte[]> Corpus { get; } =
    [
        Answers.TableJsonText(),
        "{\"version\":1,\"schema\":{\"version\":1,\"columns\":[{\"name\":\"id\",\"data_type\":{\"type\":\"INTEGER\"},\"id\":0},{\"name\":\"d\",\"data_type\":{\"type\":\"STRING\",\"nullable\":false},\"comment\":\"c\",\"id\":1}]},\"partition_key\":[\"d\"],\"bucket_key\":[\"id\"],\"bucket_count\":2,\"properties\":{\"table.auto-partition.enabled\":\"true\",\"table.auto-partition.time-unit\":\"DAY\",\"table.auto-partition.num-precreate\":\"2\",\"table.auto-partition.num-retention\":\"7\",\"table.auto-partition.time-zone\":\"UTC\",\"table.log.ttl\":\"7 d\",\"table.replication.factor\":\"1\",\"table.log.tiered.local-segments\":\"2\",\"table.log.arrow.compression.zstd.level\":\"3\"},\"custom_properties\":{\"a\":\"b\"}}"u8.ToArray(),
    ];

    protected override long MaxAllocation(int inputLength) => (256 << 10) + (100L * inputLength);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) => JsonMutation.Apply(input, corpus, random);

    protected override bool TryDecode(byte[] input)
    {
        try
        {
            TableDescriptor table = _rules.Complete(BatchFixture.Table, input);
            Assert.Equal(table.Columns.Count, TableJson.ReadDescriptor(BatchFixture.Table, TableJson.Write(table)).Columns.Count);
            return true;
        }
        catch (FlussException)
        {
            return false;
        }
    }
}
