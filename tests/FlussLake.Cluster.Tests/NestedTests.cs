using System.Data.Common;
using System.Text.Json.Nodes;
using Dapper;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests;

/// <summary>ARRAY, MAP and ROW as the Java client writes them and as Paimon's own writer tiers them.</summary>
public sealed class NestedTests(MainCluster main) : ClusterTest(main)
{
    private const string Texts = "string_agg(concat_ws('|', id, coalesce(a::VARCHAR, '-'), coalesce(m::VARCHAR, '-'), coalesce(r::VARCHAR, '-')), ';' ORDER BY id)";

    [Theory]
    [InlineData("ARROW")]
    [InlineData("INDEXED")]
    [InlineData("COMPACTED")]
    public void Values_are_equal_in_both_halves(string format)
    {
        LabTable table = Create(LabTable.Unique("nested") with
        {
            Columns =
            [
                new("id", "BIGINT NOT NULL"), new("a", "ARRAY<INT>"), new("m", "MAP<STRING,ARRAY<STRING>>"),
                new("r", "ROW<x INT, y ARRAY<ROW<z STRING, t TIMESTAMP(6)>>>"),
            ],
            Properties = new Dictionary<string, string> { ["table.log.format"] = format },
        });
        object?[][] rows =
        [
            [0L, null, null, null],
            [1L, JsonNode.Parse("[]"), JsonNode.Parse("[]"), JsonNode.Parse("[null, null]")],
            [2L, JsonNode.Parse("[1, null, 3]"), JsonNode.Parse("""[["k", ["v", null]]]"""), JsonNode.Parse("""[7, [["z", "2024-02-29T10:11:12.123456"], null]]""")],
        ];
        const string expected = "0|-|-|-;1|[]|{}|{'x': NULL, 'y': NULL};"
            + "2|[1, NULL, 3]|{k=[v, NULL]}|{'x': 7, 'y': [{'z': z, 't': '2024-02-29 10:11:12.123456'}, NULL]}";

        Lab.Append(table, rows);
        using DbConnection connection = Open();
        string Read(string half, string distinct = "") => connection.ExecuteScalar<string>($"SELECT {Texts} FROM (SELECT {distinct} * FROM fluss_read('{table.Path}{half}'))")!;
        Assert.Equal(expected, Read("$log"));
        Lab.Tier(table);
        Assert.Equal(expected, Read("$lake"));
        Lab.Append(table, rows);
        Assert.Equal(expected, Read("$log"));
        Assert.Equal(expected, Read("", "DISTINCT"));
        Assert.Equal(6, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Path}')"));
    }
}
