using System.Data.Common;
using Dapper;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests;

/// <summary>Columns whose names differ in case only, which Fluss and Paimon allow and DuckDB does not tell apart.</summary>
public sealed class TwinNameTests(MainCluster main) : ClusterTest(main)
{
    [Fact]
    public void Each_is_read_from_both_halves_under_the_name_that_DuckDB_gives_it()
    {
        LabTable table = Create(LabTable.Unique("twins") with { Columns = [new("ID", "BIGINT NOT NULL"), new("id", "STRING"), new("Id", "STRING")] });
        Lab.Append(table, [1L, "b1", "c1"], [2L, "b2", "c2"]);
        Lab.Tier(table);
        Lab.Append(table, [[3L, "b3", "c3"]]);

        using DbConnection connection = Open();
        string Rows(string half) => connection.ExecuteScalar<string>(
            $"SELECT string_agg(\"ID\" || id_1 || \"Id_2\", ' ' ORDER BY \"ID\") FROM fluss_read('{table.Path}{half}')")!;

        Assert.Equal("1b1c1 2b2c2 3b3c3", Rows(""));
        Assert.Equal("1b1c1 2b2c2", Rows("$lake"));
        Assert.Equal("3b3c3", Rows("$log"));
    }
}
