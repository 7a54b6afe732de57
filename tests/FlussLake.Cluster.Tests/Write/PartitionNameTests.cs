using System.Text.Json;
using System.Text.Json.Nodes;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Write;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests.Write;

/// <summary>Rows name the partitions that Fluss's Java client makes for them.</summary>
public sealed class PartitionNameTests(MainCluster main) : ClusterTest(main)
{
    private static readonly string[] s_texts = ["a", "2024-01-01", "eu_west-1", "UPPER"];

    [Theory]
    [InlineData("BOOLEAN")]
    [InlineData("TINYINT")]
    [InlineData("SMALLINT")]
    [InlineData("INT")]
    [InlineData("BIGINT")]
    [InlineData("STRING")]
    [InlineData("CHAR(12)")]
    [InlineData("BYTES")]
    [InlineData("BINARY(3)")]
    [InlineData("DATE")]
    [InlineData("TIME(3)")]
    [InlineData("TIMESTAMP(3)")]
    [InlineData("TIMESTAMP(9)")]
    [InlineData("TIMESTAMP_LTZ(6)")]
    [InlineData("DOUBLE")]
    [InlineData("FLOAT")]
    public async Task Partitions_have_the_names_that_the_Java_client_gives_them(string type)
    {
        (object Lab, object Net)[] values = type is "STRING" or "CHAR(12)" ? [.. s_texts.Select(text => ((object)text, (object)text))] : KeyValues.Of(type);
        LabTable table = Create(LabTable.Unique("partitions") with
        {
            Columns = [new("id", "BIGINT NOT NULL"), new("k", type + " NOT NULL"), new("day", "STRING NOT NULL")],
            PartitionedBy = ["k", "day"],
            Lake = false,
        });
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [Cluster.Servers] });
        TableInfo info = await client.GetTableInfoAsync(new TablePath(table.Database, table.Name), TestContext.Current.CancellationToken);
        PartitionNames names = PartitionNames.Create(info)!;
        ObjectRow row = new(info.Path, info.Schema);
        SortedSet<string> expected = new(StringComparer.Ordinal);
        for (int i = 0; i < values.Length; i++)
        {
            row.Set([(long)i, values[i].Net, "x"]);
            bool allowed = true;
            try
            {
                expected.Add(names.Of(row).Name);
            }
            catch (ArgumentException)
            {
                allowed = false;
            }

            if (allowed)
            {
                Lab.Append(table, [(long)i, values[i].Lab, "x"]);
            }
        }

        Assert.True(expected.Count >= Math.Min(values.Length, 2));
        JsonElement answer = Lab.Do(new JsonObject { ["do"] = "partitions", ["table"] = table.Path });
        SortedSet<string> given = new(answer.EnumerateObject().Select(entry => entry.Name).Where(name => name.Contains('$', StringComparison.Ordinal)), StringComparer.Ordinal);
        Assert.Equal(expected, given);
    }
}
