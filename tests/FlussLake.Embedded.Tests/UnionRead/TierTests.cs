using System.Text.Json.Nodes;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.Tiering;

namespace FlussLake.Embedded.Tests.UnionRead;

/// <summary>Tiering, seen by who reads through the provider: each row comes from one half, exactly once.</summary>
public sealed class TierTests
{
    private static readonly string[] s_columns = ["id BIGINT NOT NULL", "status STRING", "amount DECIMAL(10,2)"];

    [Fact]
    public async Task Rows_before_a_round_come_from_the_lake_and_rows_after_it_from_the_log()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync([1L, "open", 1.5m], [2L, null, 2m]);
        TieringResult round = await table.Fluss.TierAsync(EmbeddedTable.Path, cancellationToken: TestContext.Current.CancellationToken);
        await table.AppendAsync([3L, "paid", null]);

        Assert.Equal(new TieringResult(1, 2), round);
        Assert.Equal(["1|open|1.50", "2|NULL|2.00"], table.Read("$lake"));
        Assert.Equal(["3|paid|NULL"], table.Read("$log"));
        Assert.Equal(["1|open|1.50", "2|NULL|2.00", "3|paid|NULL"], table.Read());
    }

    [Fact]
    public async Task A_round_that_finds_nothing_new_makes_no_snapshot()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        Assert.Equal(new TieringResult(null, 0), await Tier(table));
        await table.AppendAsync([1L, "open", 1m]);
        Assert.Equal(new TieringResult(1, 1), await Tier(table));
        Assert.Equal(new TieringResult(1, 0), await Tier(table));
        Assert.Equal(["1|open|1.00"], table.Read());
    }

    [Fact]
    public async Task A_round_may_end_in_the_middle_of_a_batch()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync(Rows(0, 10));
        await table.AppendAsync(Rows(10, 10));
        TableInfo info = await table.Client.GetTableInfoAsync(EmbeddedTable.Path, TestContext.Current.CancellationToken);
        TableBucket bucket = new(info.TableId, null, 0);

        Assert.Equal(7, (await Tier(table, new Dictionary<TableBucket, long> { [bucket] = 7 })).Rows);
        Assert.Equal(7, table.Read("$lake").Count);
        Assert.Equal(13, table.Read("$log").Count);
        Assert.Equal(5, (await Tier(table, new Dictionary<TableBucket, long> { [bucket] = 12 })).Rows);
        Assert.Equal(8, (await Tier(table)).Rows);
        Assert.Equal(Texts(0, 20), table.Read("$lake"));
        Assert.Empty(table.Read("$log"));
        Assert.Equal(Texts(0, 20), table.Read());
    }

    [Fact]
    public async Task Rounds_at_the_same_time_write_no_row_twice()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync(Rows(0, 100));

        TieringResult[] rounds = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Tier(table)));

        Assert.Equal(100, rounds.Sum(round => round.Rows));
        Assert.Equal(Texts(0, 100), table.Read());
        Assert.Equal(Texts(0, 100), table.Read("$lake"));
    }

    [Fact]
    public async Task A_snapshot_that_was_committed_and_not_registered_is_registered_by_the_next_round()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync(Rows(0, 10));
        await Tier(table);
        await table.AppendAsync(Rows(10, 10));
        await CommitWithoutRegistering(table, end: 20);
        await table.AppendAsync(Rows(20, 10));

        Assert.Equal(Texts(0, 10), table.Read("$lake"));
        Assert.Equal(Texts(0, 30), table.Read());
        Assert.Equal(new TieringResult(3, 10), await Tier(table));
        Assert.Equal(Texts(0, 30), table.Read("$lake"));
        Assert.Equal(Texts(0, 30), table.Read());
    }

    [Fact]
    public async Task A_snapshot_that_was_not_registered_is_found_below_those_of_others()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync(Rows(0, 10));
        await Tier(table);
        await table.AppendAsync(Rows(10, 10));
        await CommitWithoutRegistering(table, end: 20);
        string snapshots = Path.Combine(table.Fluss.LakeWarehouse, "shop.db", "orders", "snapshot");
        for (int id = 3; id <= 5; id++)
        {
            // As a compaction leaves them.
            JsonNode snapshot = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(snapshots, "snapshot-2"), TestContext.Current.CancellationToken))!;
            snapshot["id"] = id;
            snapshot["commitUser"] = "somebody";
            snapshot.AsObject().Remove("properties");
            await File.WriteAllTextAsync(Path.Combine(snapshots, $"snapshot-{id}"), snapshot.ToJsonString(), TestContext.Current.CancellationToken);
        }

        await table.AppendAsync(Rows(20, 10));

        Assert.Equal(new TieringResult(6, 10), await Tier(table));
        Assert.Equal(Texts(0, 30), table.Read("$lake"));
        Assert.Equal(Texts(0, 30), table.Read());
    }

    [Fact]
    public async Task A_cancelled_round_leaves_nothing()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync(Rows(0, 10));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => table.Fluss.TierAsync(EmbeddedTable.Path, cancellationToken: new CancellationToken(canceled: true)));

        Assert.Empty(table.Read("$lake"));
        Assert.Equal(Texts(0, 10), table.Read());
        Assert.Empty(Directory.GetFiles(table.Fluss.LakeWarehouse, "*.parquet", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_table_without_a_lake_is_not_tiered()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns, change: descriptor => descriptor with { Properties = new Dictionary<string, string>() });

        FlussException refusal = await Assert.ThrowsAsync<FlussException>(() => Tier(table));

        Assert.Equal(FlussErrorCode.LakeStorageNotConfigured, refusal.Code);
        Assert.Contains("shop.orders", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("table.datalake.enabled", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_is_not_there_is_not_tiered()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);

        FlussException refusal = await Assert.ThrowsAsync<FlussException>(() => table.Fluss.TierAsync(new TablePath("shop", "none"), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(FlussErrorCode.TableNotExist, refusal.Code);
    }

    [Fact]
    public async Task Columns_that_are_added_between_rounds_are_null_in_older_rows()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync([1L, "open", 1m]);
        await Tier(table);
        await table.AppendAsync([2L, "open", 2m]);
        await table.Client.AddColumnsAsync(EmbeddedTable.Path, [EmbeddedTable.Column("note STRING")], TestContext.Current.CancellationToken);
        await table.AppendAsync([3L, "open", 3m, "new"]);

        string[] expected = ["1|open|1.00|NULL", "2|open|2.00|NULL", "3|open|3.00|new"];
        Assert.Equal(expected, table.Read());
        await Tier(table);
        Assert.Equal(expected, table.Read("$lake"));
        Assert.Equal(expected, table.Read());
    }

    [Fact]
    public async Task A_table_that_gets_its_lake_half_again_is_tiered_on()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync(Rows(0, 10));
        await Tier(table);
        SetLake(table, "false");
        await table.AppendAsync(Rows(10, 10));
        Assert.Equal(FlussErrorCode.LakeStorageNotConfigured, (await Assert.ThrowsAsync<FlussException>(() => Tier(table))).Code);
        SetLake(table, "true");

        Assert.Equal(new TieringResult(2, 10), await Tier(table));
        Assert.Equal(Texts(0, 20), table.Read("$lake"));
        Assert.Equal(Texts(0, 20), table.Read());
    }

    [Fact]
    public async Task A_lake_half_that_does_not_fit_any_more_is_refused_without_the_advice_to_drop_it()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns);
        await table.AppendAsync(Rows(0, 10));
        await Tier(table);
        SetLake(table, "false");
        await table.Client.AddColumnsAsync(EmbeddedTable.Path, [EmbeddedTable.Column("note STRING")], TestContext.Current.CancellationToken);

        FlussException refusal = Assert.Throws<FlussException>(() => SetLake(table, "true"));

        Assert.Equal(FlussErrorCode.LakeTableAlreadyExist, refusal.Code);
        Assert.Contains("shop.orders", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("do not drop it", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lake_and_log_survive_a_restart()
    {
        string directory = Directory.CreateTempSubdirectory("embedded-tier-").FullName;
        try
        {
            await using EmbeddedTable table = await EmbeddedTable.CreateAsync(s_columns, new EmbeddedFlussOptions { DataDirectory = directory });
            await table.AppendAsync(Rows(0, 10));
            await Tier(table);
            await table.AppendAsync(Rows(10, 5));
            await table.RestartAsync();

            Assert.Equal(Texts(0, 10), table.Read("$lake"));
            Assert.Equal(Texts(0, 15), table.Read());
            await table.AppendAsync(Rows(15, 5));
            Assert.Equal(new TieringResult(2, 10), await Tier(table));
            Assert.Equal(Texts(0, 20), table.Read());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static Task<TieringResult> Tier(EmbeddedTable table, IReadOnlyDictionary<TableBucket, long>? upTo = null) =>
        table.Fluss.TierAsync(EmbeddedTable.Path, upTo, TestContext.Current.CancellationToken);

    private static void SetLake(EmbeddedTable table, string enabled) =>
        table.Fluss.Catalog.AlterProperties(EmbeddedTable.Path, [KeyValuePair.Create("table.datalake.enabled", (string?)enabled)], ignoreIfNotExists: false);

    private static IEnumerable<object?[]> Rows(int from, int count) => Enumerable.Range(from, count).Select(i => new object?[] { (long)i, "open", i + 0.25m });

    private static List<string> Texts(int from, int count) => [.. Enumerable.Range(from, count).Select(i => FormattableString.Invariant($"{i}|open|{i}.25")).Order(StringComparer.Ordinal)];

    /// <summary>What a round leaves that ends between its commit and its registration.</summary>
    private static async Task CommitWithoutRegistering(EmbeddedTable table, long end)
    {
        TableInfo info = await table.Client.GetTableInfoAsync(EmbeddedTable.Path, TestContext.Current.CancellationToken);
        TableBucket bucket = new(info.TableId, null, 0);
        (_, IReadOnlyDictionary<TableBucket, long> offsets) = table.Fluss.LakeSnapshots.Find(info.TableId, null, readable: true)!.Value;
        string file = table.Fluss.LakeSnapshots.Prepare(info.Path, info.TableId, new Dictionary<TableBucket, long> { [bucket] = end }, ignorePrevious: false);
        using PaimonTieringRound round = new(table.Fluss.LakeWarehouse, info);
        foreach (Log.BatchEntry entry in table.Fluss.Logs.Get(bucket).Find(offsets[bucket], long.MaxValue, atLeastOne: true))
        {
            byte[] batch = table.Fluss.Logs.Get(bucket).Read(entry);
            Assert.True(Client.Log.LogBatchHeader.TryRead(batch, out Client.Log.LogBatchHeader header));
            round.Write(bucket, null, info.Schema, header, batch, 0, header.RecordCount);
        }

        Assert.NotNull(round.Commit(new Dictionary<string, string> { ["fluss-offsets"] = file }));
    }
}
