using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests;

/// <summary>What the README shows.</summary>
public sealed class ReadmeExampleTests(MainCluster main) : ClusterTest(main)
{
    [Fact]
    public void Totals_over_lake_and_log_map_to_a_record()
    {
        LabTable table = Create(new LabTable("readme", "orders"));
        Lab.Append(table, [1, "open", "10.50"], [2, "paid", "20.00"], [3, "open", "0.25"]);
        Lab.Tier(table);
        Lab.Append(table, [4, "paid", "1.00"], [5, "open", "5.00"]);

        using DbConnection connection = OpenAt($"Bootstrap Servers={Cluster.Servers};Database=readme");
        Total[] totals =
        [
            .. connection.Query<Total>(
                "SELECT status, count(*) AS orders, sum(amount) AS amount FROM fluss_read('orders') WHERE amount >= @least GROUP BY status ORDER BY status",
                new { least = 1.00m }),
        ];

        Assert.Equal([new Total("open", 2, 15.50m), new Total("paid", 2, 21.00m)], totals);
    }

    [Fact]
    public async Task The_statement_of_the_README_runs_as_it_stands()
    {
        LabTable table = Create(new LabTable("asitstands", "orders"));
        Lab.Append(table, [1, "open", "10.50"], [2, "paid", "20.00"]);
        Lab.Tier(table);
        Lab.Append(table, [3, "open", "0.25"]);
        string sql = Regex.Match(ReadmeTextTests.ReadmeCode(), @"\(""(SELECT .*)""\)").Groups[1].Value;

        await using DbConnection connection = OpenAt($"Bootstrap Servers={Cluster.Servers};Database=asitstands");
        IEnumerable<Total> totals = await connection.QueryAsync<Total>(sql);

        Assert.Equal([new Total("open", 2, 10.75m), new Total("paid", 1, 20.00m)], totals.OrderBy(total => total.Status));
    }

    [Fact]
    public async Task Totals_over_lake_and_log_map_to_a_record_asynchronously()
    {
        LabTable table = CreateHalfTiered();
        await using DbConnection connection = Open();
        CommandDefinition command = new($"SELECT 'all' AS status, count(*) AS orders, sum(amount) AS amount FROM fluss_read('{table.Name}')", cancellationToken: TestContext.Current.CancellationToken);

        Total total = await connection.QuerySingleAsync<Total>(command);

        Assert.Equal(150, total.Orders);
        Assert.Equal(connection.ExecuteScalar<decimal>($"SELECT sum(amount) FROM (SELECT amount FROM fluss_read('{table.Name}$lake') UNION ALL SELECT amount FROM fluss_read('{table.Name}$log'))"), total.Amount);
    }

}
