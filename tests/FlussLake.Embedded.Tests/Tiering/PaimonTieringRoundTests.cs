using System.Text.Json.Nodes;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.Tiering;
using FlussLake.Lake;
using FlussLake.Lake.Paimon;

namespace FlussLake.Embedded.Tests.Tiering;

public sealed class PaimonTieringRoundTests : IDisposable
{
    private static readonly FlussType s_int = new(FlussTypeKind.Int);
    private static readonly FlussType s_text = new(FlussTypeKind.String);
    private readonly Warehouse _warehouse = new();

    public void Dispose() => _warehouse.Dispose();

    [Fact]
    public async Task Rows_carry_their_bucket_offset_and_commit_time()
    {
        TableInfo table = Create(Batches.Table(3, [], [], ("id", s_int), ("s", s_text)));
        using (PaimonTieringRound round = _warehouse.Begin(table))
        {
            round.Write(table, 2, 40, 1, 2, [[1, "a"], [2, "b"], [3, null], [4, "d"]]);
            round.Write(table, 0, 7, [9, "z"]);
            Assert.Equal(1, round.Commit(new Dictionary<string, string> { ["fluss-offsets"] = "/path" }));
        }

        LakeScan scan = await _warehouse.PlanAsync(table.Path, 1);
        Assert.Equal(
            ["9|z|0|7|2026-08-01 10:00:00.123+00", "2|b|2|41|2026-08-01 10:00:00.123+00", "3|NULL|2|42|2026-08-01 10:00:00.123+00"], Warehouse.Rows(scan));
        Assert.All(scan.Files, file => Assert.Equal(0, file.Bucket));
        Assert.Equal("/path", _warehouse.Catalog.LatestTieringSnapshot(table.Path)!.Properties["fluss-offsets"]);
    }

    [Fact]
    public async Task Each_round_is_a_snapshot_on_top_of_the_one_before()
    {
        TableInfo table = Create(Batches.Table(2, ["id"], [], ("id", s_int)));
        for (int round = 0; round < 5; round++)
        {
            Assert.Equal(round + 1, _warehouse.Tier(table, 1, round * 2, [round], [round + 100]));
        }

        LakeScan scan = await _warehouse.PlanAsync(table.Path, 5);
        Assert.Equal(["0", "100", "1", "101", "2", "102", "3", "103", "4", "104"], Warehouse.Rows(scan, "id"));
        Assert.Equal([0L, 2, 4, 6, 8], scan.Files.Select(file => file.MinSequenceNumber));
        Assert.All(scan.Files, file => Assert.Equal(1, file.Bucket));
        Assert.Equal(2, (await _warehouse.PlanAsync(table.Path, 1)).Files.Sum(file => file.RowCount));
        Assert.Equal("5", File.ReadAllText(Path.Combine(_warehouse.Root(table.Path), "snapshot", "LATEST")));
    }

    [Fact]
    public void A_snapshot_says_what_Paimon_wants_to_know()
    {
        TableInfo table = Create(Batches.Table(1, [], [], ("id", s_int)));
        _warehouse.Tier(table, 0, 0, [1]);
        _warehouse.Tier(table, 0, 1, [2], [3]);
        JsonNode json = JsonNode.Parse(File.ReadAllText(Path.Combine(_warehouse.Root(table.Path), "snapshot", "snapshot-2")))!;
        Assert.Equal(long.MaxValue, json["commitIdentifier"]!.GetValue<long>());
        Assert.Equal("__fluss_lake_tiering", json["commitUser"]!.GetValue<string>());
        Assert.Equal("APPEND", json["commitKind"]!.GetValue<string>());
        Assert.Equal((3, 2), (json["totalRecordCount"]!.GetValue<int>(), json["deltaRecordCount"]!.GetValue<int>()));
        string manifests = Path.Combine(_warehouse.Root(table.Path), "manifest");
        Assert.Equal(new FileInfo(Path.Combine(manifests, json["baseManifestList"]!.GetValue<string>())).Length, json["baseManifestListSize"]!.GetValue<long>());
        Assert.Equal(new FileInfo(Path.Combine(manifests, json["deltaManifestList"]!.GetValue<string>())).Length, json["deltaManifestListSize"]!.GetValue<long>());
    }

    [Fact]
    public void A_round_without_rows_makes_no_snapshot()
    {
        TableInfo table = Create(Batches.Table(1, [], [], ("id", s_int)));
        using PaimonTieringRound round = _warehouse.Begin(table);
        round.Write(table, 0, 0, 1, 0, [[1], [2]]);
        Assert.Null(round.Commit(Warehouse.NoProperties));
        Assert.Equal(["schema/schema-0"], _warehouse.Files(table.Path));
    }

    [Fact]
    public void Nothing_is_left_of_an_aborted_round()
    {
        TableInfo table = Create(Batches.Table(1, [], [], ("id", s_int)));
        using (PaimonTieringRound round = _warehouse.Begin(table, fileBytes: 1))
        {
            round.Write(table, 0, 0, [1], [2]);
            Assert.Single(_warehouse.Files(table.Path, "*.parquet"));
        }

        Assert.Equal(["schema/schema-0"], _warehouse.Files(table.Path));
        Assert.Null(_warehouse.Catalog.LatestTieringSnapshot(table.Path));
    }

    [Fact]
    public async Task A_bucket_with_many_rows_gets_several_files_and_no_row_is_lost()
    {
        TableInfo table = Create(Batches.Table(1, ["id"], [], ("id", s_int), ("s", s_text)));
        using (PaimonTieringRound round = _warehouse.Begin(table, fileBytes: 20_000))
        {
            for (int batch = 0; batch < 20; batch++)
            {
                round.Write(table, 0, batch * 100, [.. Enumerable.Range(batch * 100, 100).Select(id => new object?[] { id, id % 7 == 0 ? null : $"some text {id * 7919}" })]);
            }

            Assert.Equal(1, round.Commit(Warehouse.NoProperties));
        }

        LakeScan scan = await _warehouse.PlanAsync(table.Path, 1);
        Assert.InRange(scan.Files.Count, 2, 10);
        Assert.Equal(Enumerable.Range(0, 2000).Select(id => $"{id}|{(id % 7 == 0 ? "NULL" : $"some text {id * 7919}")}|{id}"), Warehouse.Rows(scan, "id, s, __offset"));
        Assert.Equal(scan.Files.Select((_, i) => scan.Files.Take(i).Sum(file => file.RowCount)), scan.Files.Select(file => file.MinSequenceNumber));
    }

    [Fact]
    public async Task A_batch_of_very_many_rows_is_written_whole()
    {
        TableInfo table = Create(Batches.Table(1, [], [], ("id", s_int), ("b", new FlussType(FlussTypeKind.Boolean))));
        using (PaimonTieringRound round = _warehouse.Begin(table))
        {
            round.Write(table, 0, 1000, 5, 99_990, [.. Enumerable.Range(0, 100_000).Select(id => new object?[] { id, id % 3 == 0 ? null : id % 2 == 0 })]);
            round.Commit(Warehouse.NoProperties);
        }

        LakeScan scan = await _warehouse.PlanAsync(table.Path, 1);
        Assert.Equal(
            ["99990|5|99994|4999450005|0|33330|33330"],
            Warehouse.Query($"SELECT count(*), min(id), max(id), sum(id), count(*) FILTER (__offset <> 1000 + id), count(*) FILTER (b IS NULL), count(*) FILTER (b) FROM read_parquet('{scan.Files[0].Path}') WHERE b IS NOT DISTINCT FROM (CASE WHEN id % 3 = 0 THEN NULL ELSE id % 2 = 0 END)"));
    }

    [Fact]
    public async Task Large_pages_are_cut_between_rows_also_inside_lists()
    {
        FlussType list = new(FlussTypeKind.Array) { Element = s_text };
        TableInfo table = Create(Batches.Table(1, [], [], ("id", s_int), ("l", list)));
        string[] items = [.. Enumerable.Range(0, 50).Select(i => new string((char)('a' + (i % 26)), 1000))];
        using (PaimonTieringRound round = _warehouse.Begin(table))
        {
            for (int batch = 0; batch < 10; batch++)
            {
                round.Write(table, 0, batch * 10, [.. Enumerable.Range(batch * 10, 10).Select(id => new object?[] { id, id % 3 == 0 ? null : items[..(id % 50)] })]);
            }

            round.Commit(Warehouse.NoProperties);
        }

        LakeScan scan = await _warehouse.PlanAsync(table.Path, 1);
        Assert.Equal(
            Enumerable.Range(0, 100).Select(id => $"{id}|{(id % 3 == 0 ? "NULL" : $"{id % 50}")}|{(id % 3 == 0 ? "NULL" : $"{id % 50 * 1000}")}"),
            Warehouse.Rows(scan, "id, len(l) AS n, length(array_to_string(l, '')) AS bytes"));
    }

    [Fact]
    public async Task The_largest_bucket_is_written_early_when_all_buckets_together_take_too_much()
    {
        TableInfo table = Create(Batches.Table(4, ["id"], [], ("id", s_int), ("s", s_text)));
        using (PaimonTieringRound round = _warehouse.Begin(table, totalBytes: 10_000))
        {
            for (int i = 0; i < 40; i++)
            {
                round.Write(table, i % 4, i / 4 * 10, [.. Enumerable.Range(i * 10, 10).Select(id => new object?[] { id, new string('x', 100) })]);
            }

            Assert.NotEmpty(_warehouse.Files(table.Path, "*.parquet"));
            round.Commit(Warehouse.NoProperties);
        }

        Assert.Equal(400, Warehouse.Rows(await _warehouse.PlanAsync(table.Path, 1), "id").Distinct().Count());
    }

    [Fact]
    public async Task Memory_that_finished_pages_leave_behind_counts_however_well_they_were_compressed()
    {
        TableInfo table = Create(Batches.Table(4, ["id"], [], ("id", s_int), ("s", s_text)));
        using (PaimonTieringRound round = _warehouse.Begin(table, totalBytes: 4 << 20))
        {
            for (int bucket = 0; bucket < 4; bucket++)
            {
                round.Write(table, bucket, 0, [.. Enumerable.Range(bucket * 20, 20).Select(id => new object?[] { id, new string('x', 100_000) })]);
            }

            Assert.InRange(_warehouse.Files(table.Path, "*.parquet").Length, 1, 3);
            round.Commit(Warehouse.NoProperties);
        }

        Assert.Equal(80, Warehouse.Rows(await _warehouse.PlanAsync(table.Path, 1), "id").Distinct().Count());
    }

    [Fact]
    public async Task Somebody_elses_snapshot_is_never_overwritten()
    {
        TableInfo table = Create(Batches.Table(1, ["id"], [], ("id", s_int)));
        _warehouse.Tier(table, 0, 0, [1]);
        using (PaimonTieringRound round = _warehouse.Begin(table))
        {
            round.Write(table, 0, 1, [2]);
            Assert.Equal(2, _warehouse.Tier(table, 0, 10, [3]));
            Assert.Equal(3, round.Commit(Warehouse.NoProperties));
        }

        LakeScan scan = await _warehouse.PlanAsync(table.Path, 3);
        Assert.Equal(["1", "2", "3"], Warehouse.Rows(scan, "id"));
        Assert.Equal([0L, 1, 2], scan.Files.Select(file => file.MinSequenceNumber));
    }

    [Fact]
    public async Task Rounds_that_commit_at_the_same_time_all_get_their_snapshots()
    {
        TableInfo table = Create(Batches.Table(8, ["id"], [], ("id", s_int)));
        long?[] ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(bucket => Task.Run(() => _warehouse.Tier(table, bucket, 0, [bucket]))));
        Assert.Equal(Enumerable.Range(1, 8).Select(id => (long?)id), ids.Order());
        Assert.Equal(Enumerable.Range(0, 8).Select(id => $"{id}"), Warehouse.Rows(await _warehouse.PlanAsync(table.Path, 8), "id"));
        Assert.DoesNotContain(_warehouse.Files(table.Path), file => file.EndsWith(".tmp", StringComparison.Ordinal));

        // Each snapshot has one manifest and two lists: nothing is left of attempts that others won.
        Assert.Equal(8, _warehouse.Files(table.Path, "manifest-????????-*").Length);
        Assert.Equal(16, _warehouse.Files(table.Path, "manifest-list-*").Length);
    }

    [Fact]
    public async Task Batches_of_older_schemas_have_NULL_in_new_columns()
    {
        TableInfo first = Create(Batches.Table(1, [], [], ("id", s_int)));
        _warehouse.Tier(first, 0, 0, [1]);
        FlussType row = new(FlussTypeKind.Row) { Fields = [new FlussField("a", s_int, -1), new FlussField("b", new FlussType(FlussTypeKind.Array) { Element = s_int }, -1)] };
        TableInfo second = first.With("r", row);
        _warehouse.Catalog.AddColumns(second);
        using (PaimonTieringRound round = _warehouse.Begin(second))
        {
            round.Write(first, 0, 1, [2]);
            round.Write(second, 0, 2, [3, new object?[] { 5, new[] { 6, 7 } }]);
            round.Commit(Warehouse.NoProperties);
        }

        Assert.Equal(["1|NULL", "2|NULL", "3|{'a': 5, 'b': [6, 7]}"], Warehouse.Rows(await _warehouse.PlanAsync(first.Path, 2), "id, r"));
    }

    [Fact]
    public void Values_of_a_column_that_the_lake_lacks_are_refused()
    {
        TableInfo first = Create(Batches.Table(1, [], [], ("id", s_int)));
        TableInfo second = first.With("more", s_text);
        using PaimonTieringRound round = _warehouse.Begin(second);
        FlussException e = Assert.Throws<FlussException>(() => round.Write(second, 0, 0, [1, "lost"]));
        Assert.Contains("'more'", e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => round.Commit(Warehouse.NoProperties));
    }

    [Fact]
    public void A_NULL_where_the_lake_allows_none_is_refused_and_the_round_cannot_be_committed()
    {
        TableInfo table = Create(Batches.Table(1, [], [], ("id", s_int), ("s", s_text with { IsNullable = false })));
        TableInfo loose = table with { Schema = table.Schema with { Columns = [table.Schema.Columns[0], table.Schema.Columns[1] with { Type = s_text }] } };
        using (PaimonTieringRound round = _warehouse.Begin(table))
        {
            FlussException e = Assert.Throws<FlussException>(() => round.Write(loose, 0, 5, [1, "a"], [2, null]));
            Assert.Equal(FlussErrorCode.CorruptRecord, e.Code);
            Assert.Contains("column 's'", e.Message, StringComparison.Ordinal);
            Assert.Contains("offset 5", e.Message, StringComparison.Ordinal);
            round.Write(loose, 0, 7, [3, "c"]);
            Assert.Throws<InvalidOperationException>(() => round.Commit(Warehouse.NoProperties));
        }

        Assert.Equal(["schema/schema-0"], _warehouse.Files(table.Path));
    }

    [Theory]
    [InlineData("file.format", "orc")]
    [InlineData("row-tracking.enabled", "true")]
    [InlineData("data-evolution.enabled", "true")]
    [InlineData("bucket", "5")]
    public void Lake_tables_that_ask_for_what_is_not_written_are_refused(string option, string value)
    {
        TableInfo table = Create(Batches.Table(1, [], [], ("id", s_int)));
        string schema = Path.Combine(_warehouse.Root(table.Path), "schema", "schema-0");
        JsonNode json = JsonNode.Parse(File.ReadAllText(schema))!;
        json["options"]![option] = value;
        File.WriteAllText(schema, json.ToJsonString());
        LakeException e = Assert.Throws<LakeException>(() => _warehouse.Begin(table));
        Assert.Equal(LakeErrorKind.NotSupported, e.Kind);
        Assert.Contains($"'{option}' is '{value}'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readers_that_skip_by_statistics_find_every_row()
    {
        FlussType money = new(FlussTypeKind.Decimal) { Precision = 12, Scale = 2 };
        TableInfo table = Create(Batches.Table(
            1, [], [], ("id", s_int), ("n", s_int), ("m", money), ("d", new FlussType(FlussTypeKind.Date)), ("l", new FlussType(FlussTypeKind.BigInt)), ("t", new FlussType(FlussTypeKind.TinyInt))));
        using (PaimonTieringRound round = _warehouse.Begin(table, fileBytes: 1))
        {
            round.Write(table, 0, 0, [-5, null, -1.50m, new DateOnly(1969, 12, 31), long.MinValue, sbyte.MinValue], [1, null, 2.25m, null, 5L, (sbyte)-1]);
            round.Write(table, 0, 2, [int.MaxValue, 4, null, new DateOnly(2024, 2, 29), long.MaxValue, sbyte.MaxValue]);
            round.Commit(Warehouse.NoProperties);
        }

        LakeScan scan = await _warehouse.PlanAsync(table.Path, 1);
        string files = string.Join(", ", scan.Files.Select(file => $"'{file.Path}'"));
        Assert.Equal(
            ["id|-5|1|0", "n|NULL|NULL|2", "m|-1.50|2.25|0", "d|1969-12-31|1969-12-31|1", "l|-9223372036854775808|5|0", "t|-128|-1|0"],
            Warehouse.Query($"SELECT path_in_schema, stats_min_value, stats_max_value, stats_null_count FROM parquet_metadata('{scan.Files[0].Path}') WHERE path_in_schema NOT LIKE '\\_\\_%' ESCAPE '\\'"));
        foreach ((string predicate, string ids) in ((string, string)[])[("id < 0", "-5"), ("n = 4", "2147483647"), ("n IS NULL", "-5,1"), ("m < 0", "-5"), ("m = 2.25", "1"), ("d < DATE '1970-01-01'", "-5"), ("l > 5", "2147483647"), ("t <= -1", "-5,1"), ("__offset >= 2", "2147483647")])
        {
            Assert.Equal([ids], Warehouse.Query($"SELECT string_agg(id, ',' ORDER BY id) FROM read_parquet([{files}]) WHERE {predicate}"));
        }
    }

    [Fact]
    public async Task A_hint_that_cannot_be_written_does_not_fail_a_commit()
    {
        TableInfo table = Create(Batches.Table(1, [], [], ("id", s_int)));
        Directory.CreateDirectory(Path.Combine(_warehouse.Root(table.Path), "snapshot", "LATEST", "taken"));
        Assert.Equal(1, _warehouse.Tier(table, 0, 0, [1]));
        Assert.Equal(2, _warehouse.Tier(table, 0, 1, [2]));
        Assert.Equal(["1", "2"], Warehouse.Rows(await _warehouse.PlanAsync(table.Path, 2), "id"));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named_and_nothing_is_left()
    {
        TableInfo table = Create(Batches.Table(1, [], [], ("id", s_int)));
        string taken = Path.Combine(_warehouse.Root(table.Path), "bucket-0");
        File.WriteAllText(taken, "");
        LakeException e = Assert.Throws<LakeException>(() => _warehouse.Tier(table, 0, 0, [1]));
        Assert.Equal(LakeErrorKind.Unreadable, e.Kind);
        Assert.Contains(_warehouse.Root(table.Path), e.Message, StringComparison.Ordinal);
        Assert.Equal(["bucket-0", "schema/schema-0"], _warehouse.Files(table.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Many_small_manifests_are_put_together_and_no_file_is_lost()
    {
        TableInfo table = Create(Batches.Table(2, ["id"], ["p", "at"], ("id", s_int), ("p", s_text), ("at", new FlussType(FlussTypeKind.Timestamp) { Precision = 6 })));
        for (int round = 0; round < 70; round++)
        {
            Assert.Equal(round + 1, _warehouse.Tier(table, round % 2, round, [round, $"p{round % 3}", new DateTime(2024, 1, 1).AddTicks(round % 2 * 10)]));
        }

        LakeScan scan = await _warehouse.PlanAsync(table.Path, 70);
        Assert.Equal(70, scan.Files.Count);
        Assert.Equal(Enumerable.Range(0, 70), Warehouse.Rows(scan, "id").Select(id => int.Parse(id, null)).Order());
        Assert.Equal(["p0", "p1", "p2"], scan.Files.Select(file => file.PartitionValues[0]).Distinct().Order());
        JsonNode json = JsonNode.Parse(File.ReadAllText(Path.Combine(_warehouse.Root(table.Path), "snapshot", "snapshot-70")))!;
        string list = Path.Combine(_warehouse.Root(table.Path), "manifest", json["baseManifestList"]!.GetValue<string>());
        Assert.InRange(PaimonManifestListEntry.Parse(list, File.ReadAllBytes(list), TestContext.Current.CancellationToken).Count, 2, 30);
        Assert.Equal(30, (await _warehouse.PlanAsync(table.Path, 30)).Files.Count);
    }

    [Fact]
    public async Task Partitions_lie_in_folders_of_their_own()
    {
        TableInfo table = Create(Batches.Table(1, [], ["p", "d"], ("id", s_int), ("p", s_text), ("d", new FlussType(FlussTypeKind.Date))));
        using (PaimonTieringRound round = _warehouse.Begin(table))
        {
            round.Write(table, 0, 0, [1, "eu", new DateOnly(2024, 2, 29)]);
            round.Write(table, 0, 1, [2, "a long text/with=signs", new DateOnly(1969, 12, 31)]);
            round.Commit(Warehouse.NoProperties);
        }

        LakeScan scan = await _warehouse.PlanAsync(table.Path, 1);
        Assert.Equal([["eu", "2024-02-29"], ["a long text/with=signs", "1969-12-31"]], scan.Files.Select(file => file.PartitionValues));
        Assert.Contains(_warehouse.Files(table.Path, "*.parquet"), file => file.StartsWith("p=a long text%2Fwith%3Dsigns/d=1969-12-31/bucket-0/data-", StringComparison.Ordinal));
        Assert.Equal(2, Warehouse.Rows(scan).Count);
    }

    [Fact]
    public async Task Partitions_may_have_any_text_for_a_value()
    {
        string[] values = ["", "   ", ".", "..", "a/b\\c", "a\"b'c", "%41%", "#x:y=z", "x*y?", "[q]{r}^", "tab\tline\nend", "\u0001\u001f\u007f", "日本 grün 𝄞", new string('v', 60)];
        TableInfo table = Create(Batches.Table(1, [], ["a\"b", "日本"], ("id", s_int), ("a\"b", s_text), ("日本", s_text)));
        using (PaimonTieringRound round = _warehouse.Begin(table))
        {
            for (int i = 0; i < values.Length; i++)
            {
                round.Write(table, 0, i, [i, values[i], values[^(i + 1)]]);
            }

            round.Commit(Warehouse.NoProperties);
        }

        LakeScan scan = await _warehouse.PlanAsync(table.Path, 1);
        Assert.Equal(values.Zip(values.Reverse(), (one, other) => $"{one}|{other}").Order(), scan.Files.Select(file => $"{file.PartitionValues[0]}|{file.PartitionValues[1]}").Order());
        string files = string.Join(", ", scan.Files.Select(file => $"'{file.Path.Replace("'", "''", StringComparison.Ordinal)}'"));
        Assert.Equal(values.Zip(values.Reverse(), (one, other) => $"{one}|{other}"), Warehouse.Query($"SELECT \"a\"\"b\", 日本 FROM read_parquet([{files}], hive_partitioning = false) ORDER BY id"));
        Assert.All(_warehouse.Files(table.Path, "*.parquet"), file => Assert.StartsWith("a%22b=", file, StringComparison.Ordinal));
    }

    private TableInfo Create(TableInfo table)
    {
        _warehouse.Catalog.CreateTable(table);
        return table;
    }
}
