using FlussLake.Client;
using FlussLake.Data;
using FlussLake.Embedded.Faults;

namespace FlussLake.Embedded.Tests.Docs;

/// <summary>The code of <c>docs/embedded.md</c>, run.</summary>
public sealed class EmbeddedSnippets
{
#pragma warning disable xUnit1051 // As readers of the page write it.
    [Fact]
    public async Task A_server_starts_and_a_connection_reaches_it()
    {
        #region start
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync();
        await using FlussLakeConnection connection = new($"Bootstrap Servers={fluss.BootstrapServers};Database=shop");
        #endregion
        await connection.OpenAsync();
        Assert.Equal("shop", connection.Database);
    }

    [Fact]
    public async Task A_table_is_tiered()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["id BIGINT"]);
        await table.AppendAsync([1L]);
        EmbeddedFluss fluss = table.Fluss;
        #region tier
        TieringResult round = await fluss.TierAsync(new TablePath("shop", "orders"));
        Console.WriteLine($"{round.Rows} rows moved, snapshot {round.SnapshotId}");
        #endregion
        Assert.Equal(new TieringResult(1, 1), round);
    }

    [Fact]
    public async Task Faults_are_scripted_and_got_over()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["id BIGINT"]);
        EmbeddedFluss fluss = table.Fluss;
        #region faults
        fluss.Faults.Refuse(FlussErrorCode.LogStorageFailure, FlussApi.FetchLog);
        fluss.Faults.DropConnection(FlussApi.ProduceLog, afterBytes: 3);
        fluss.Faults.Delay(TimeSpan.FromMilliseconds(200), FlussApi.ListOffsets);
        fluss.Faults.CorruptBatch(new TablePath("shop", "orders"));
        #endregion
        await table.AppendAsync([1L]);
        Assert.Equal(["1"], table.Read());
        Assert.Equal(0, fluss.Faults.Left);
    }
#pragma warning restore xUnit1051
}
