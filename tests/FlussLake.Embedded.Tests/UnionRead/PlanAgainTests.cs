using System.Data.Common;
using System.Diagnostics;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Data;
using FlussLake.Embedded.Faults;

namespace FlussLake.Embedded.Tests.UnionRead;

/// <summary>What a client knows of a table from an earlier plan must not make it take another table, or another state of it, for that one.</summary>
public sealed class PlanAgainTests
{
    private static readonly string[] s_columns = ["id BIGINT NOT NULL", "note STRING"];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_table_made_anew_under_its_name_is_read_as_what_it_is_now(int buckets)
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns, change: described => described with { BucketCount = 1 });
        using FlussLakeConnection keepsTheClient = Planned(table);
        await table.AppendAsync([1L, "a"], [2L, "b"]);
        await table.Fluss.TierAsync(EmbeddedTable.Path, cancellationToken: TestContext.Current.CancellationToken);
        await table.AppendAsync([3L, "c"]);
        Assert.Equal(["1|a", "2|b", "3|c"], table.Read());

        await table.Client.DropTableAsync(EmbeddedTable.Path, cancellationToken: TestContext.Current.CancellationToken);
        TableDescriptor anew = new() { Columns = [EmbeddedTable.Column("note STRING"), EmbeddedTable.Column("size INT")], BucketCount = buckets };
        await table.Client.CreateTableAsync(EmbeddedTable.Path, anew, cancellationToken: TestContext.Current.CancellationToken);
        await table.AppendAsync(["x", 7]);

        Assert.Equal(["x|7"], table.Read());
        Assert.Equal(["x|7"], table.Read());
    }

    [Fact]
    public async Task A_table_that_is_gone_is_missed_at_once()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        using FlussLakeConnection keepsTheClient = Planned(table);
        await table.AppendAsync([1L, "a"]);
        Assert.Equal(["1|a"], table.Read());
        await table.Client.DropTableAsync(EmbeddedTable.Path, cancellationToken: TestContext.Current.CancellationToken);

        long begin = Stopwatch.GetTimestamp();
        FlussLakeException missing = Assert.Throws<FlussLakeException>(() => table.Read());

        Assert.Contains("shop.orders", missing.Message, StringComparison.Ordinal);
        Assert.Equal(FlussErrorCode.TableNotExist, missing.ServerErrorCode);
        Assert.InRange(Stopwatch.GetElapsedTime(begin).TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task A_table_that_gets_a_lake_is_read_from_it()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns, change: described => described with { Properties = new Dictionary<string, string>() });
        using FlussLakeConnection keepsTheClient = Planned(table);
        await table.AppendAsync([1L, "a"]);
        Assert.Equal(["1|a"], table.Read());

        await table.Client.SetPropertiesAsync(EmbeddedTable.Path, new Dictionary<string, string?> { ["table.datalake.enabled"] = "true" }, TestContext.Current.CancellationToken);
        await table.Fluss.TierAsync(EmbeddedTable.Path, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["1|a"], table.Read("$lake"));
        Assert.Equal(["1|a"], table.Read());
    }

    [Fact]
    public async Task A_failure_of_planning_is_the_statement_s_and_not_the_next_one_s()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        using FlussLakeConnection keepsTheClient = Planned(table);
        await table.AppendAsync([1L, "a"]);
        Assert.Equal(["1|a"], table.Read());
        foreach (FlussApi api in (FlussApi[])[FlussApi.ListOffsets, FlussApi.GetLakeSnapshot, FlussApi.GetTableInfo])
        {
            table.Fluss.Faults.Refuse(FlussErrorCode.AuthorizationFailed, api);

            FlussLakeException refused = Assert.Throws<FlussLakeException>(() => table.Read());

            Assert.Equal(FlussErrorCode.AuthorizationFailed, refused.ServerErrorCode);
            Assert.Equal(["1|a"], table.Read());
        }
    }

    // A connection leases its client when it plans, and the client stays as long as one connection has it.
    private static FlussLakeConnection Planned(EmbeddedTable table)
    {
        FlussLakeConnection connection = table.Open();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM fluss_read('orders')";
        Assert.Equal(0L, command.ExecuteScalar());
        return connection;
    }
}
