using FlussLake.Client;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Client.Tests.Log;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>The JSON of tables, schemas and types, and the layout of batches that follows from it.</summary>
public sealed class TableJsonTarget : FuzzTarget
{
    protected override IReadOnlyList<byte[]> Corpus { get; } = [Answers.TableJsonText(), "{\"schema\":{\"columns\":[{\"name\":\"a\",\"data_type\":{\"type\":\"INTEGER\",\"nullable\":false},\"id\":3}],\"primary_key\":[\"a\"],\"highest_field_id\":3},\"bucket_count\":1,\"properties\":{}}"u8.ToArray()];

    protected override long MaxAllocation(int inputLength) => (256 << 10) + (100L * inputLength);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) => JsonMutation.Apply(input, corpus, random);

    protected override bool TryDecode(byte[] input)
    {
        try
        {
            TableDescriptor descriptor = TableJson.ReadDescriptor(BatchFixture.Table, input);
            TableInfo table = TableJson.ReadTable(BatchFixture.Table, 1, 1, input, 0, long.MaxValue);
            Assert.Equal(descriptor.Columns.Count, table.Schema.Columns.Count);
            Assert.All(table.Schema.Columns, static column => Assert.NotEmpty(column.Type.ToString()));
            BatchLayout layout = BatchLayout.Create(BatchFixture.Table, table.Schema.Columns, [.. Enumerable.Range(0, table.Schema.Columns.Count)]);
            Assert.True(layout.NodeCount >= table.Schema.Columns.Count);
            return true;
        }
        catch (FlussException refusal) when (refusal.Code is FlussErrorCode.InvalidTable or FlussErrorCode.UnsupportedVersion)
        {
            return false;
        }
    }
}
