using FlussLake.Lake.Paimon;

namespace FlussLake.Lake.Tests;

/// <summary>Real tables: the plan of every snapshot against what the lake's own planner and reader said of it.</summary>
public sealed class PaimonFixtureTests
{
    private readonly PaimonPlanner _planner = new(new LocalLakeStorage());

    [Theory]
    [InlineData("rounds", 10)]
    [InlineData("expired", 2)]
    [InlineData("evolved", 4)]
    [InlineData("altered", 2)]
    [InlineData("all_types", 1)]
    [InlineData("part_string", 1)]
    [InlineData("part_int", 1)]
    [InlineData("part_bigint", 1)]
    [InlineData("part_date", 1)]
    [InlineData("part_bool", 1)]
    [InlineData("part_two", 2)]
    [InlineData("escapes", 1)]
    [InlineData("default_name", 1)]
    [InlineData("legacy_names", 1)]
    [InlineData("times", 1)]
    [InlineData("timestamps", 1)]
    [InlineData("small_ints", 1)]
    [InlineData("codec_null", 2)]
    [InlineData("codec_deflate", 2)]
    [InlineData("codec_snappy", 2)]
    [InlineData("codec_zstandard", 2)]
    [InlineData("avro_codec", 1)]
    [InlineData("tagged", 3)]
    [InlineData("overwritten", 3)]
    [InlineData("moved_data", 1)]
    [InlineData("external", 1)]
    [InlineData("suffix", 1)]
    [InlineData("index", 2)]
    [InlineData("row_tracking", 2)]
    public async Task Every_snapshot_has_the_files_and_rows_that_Paimon_says(string table, int snapshots)
    {
        ExpectedSnapshot[] expected = Fixture.Expected(table);
        Assert.Equal(snapshots, expected.Length);
        foreach (ExpectedSnapshot snapshot in expected)
        {
            LakeScan scan = await PlanAsync(table, snapshot.Snapshot);
            Assert.Equal(snapshot.Snapshot, scan.SnapshotId);
            Assert.Equal(snapshot.Files.OrderBy(f => f.Path, StringComparer.Ordinal), Relative(table, scan).OrderBy(f => f.Path, StringComparer.Ordinal));
            Assert.Equal(snapshot.Rows, scan.Files.Sum(f => f.RowCount));
            Assert.Equal(scan.Files.Select(f => f.SchemaId).Distinct().Order(), scan.FileSchemas.Keys.Order());
        }
    }

    [Fact]
    public async Task A_compacted_snapshot_has_the_compacted_file_alone_and_the_one_before_it_all_others()
    {
        Assert.Equal("COMPACT", Fixture.Expected("rounds").Single(s => s.Snapshot == 9).Kind);
        LakeScan before = await PlanAsync("rounds", 8);
        LakeScan compacted = await PlanAsync("rounds", 9);
        LakeScan after = await PlanAsync("rounds", 10);
        Assert.Equal([1L, 2, 3, 4, 5, 6, 7, 1], before.Files.Select(f => f.RowCount));
        Assert.Equal([29L], compacted.Files.Select(f => f.RowCount));
        Assert.Equal([29L, 1], after.Files.Select(f => f.RowCount));
    }

    [Fact]
    public async Task An_expired_snapshot_is_reported_with_its_table_and_number()
    {
        LakeException e = await Assert.ThrowsAsync<LakeException>(() => PlanAsync("expired", 3));
        Assert.Equal(LakeErrorKind.SnapshotNotFound, e.Kind);
        Assert.Contains("Snapshot 3 ", e.Message, StringComparison.Ordinal);
        Assert.Contains(Fixture.Root("expired"), e.Message, StringComparison.Ordinal);
        Assert.Contains("expired", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_that_only_a_tag_keeps_is_planned_but_one_between_is_not()
    {
        Assert.Equal(2, (await PlanAsync("tagged", 2)).Files.Count);
        Assert.Equal(LakeErrorKind.SnapshotNotFound, (await Assert.ThrowsAsync<LakeException>(() => PlanAsync("tagged", 3))).Kind);
    }

    [Fact]
    public async Task A_table_that_is_not_there_is_told_from_a_snapshot_that_is_not_there()
    {
        LakeException e = await Assert.ThrowsAsync<LakeException>(() => PlanAsync("no_such_table", 1));
        Assert.Equal(LakeErrorKind.TableNotFound, e.Kind);
        Assert.Contains("no_such_table", e.Message, StringComparison.Ordinal);
        Assert.Contains("warehouse root can be replaced", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_are_the_snapshots_and_files_keep_the_schemas_they_were_written_with()
    {
        LakeScan first = await PlanAsync("evolved", 1);
        LakeScan third = await PlanAsync("evolved", 3);
        Assert.Equal(["id", "name", "__bucket", "__offset", "__timestamp"], first.Schema.Fields.Select(f => f.Name));
        Assert.Contains("amount", third.Schema.Fields.Select(f => f.Name));
        Assert.Contains("tags", third.Schema.Fields.Select(f => f.Name));
        Assert.Equal([0L, 1, 2], third.FileSchemas.Keys.Order());
        Assert.DoesNotContain("amount", third.FileSchemas[0].Fields.Select(f => f.Name));
        LakeField tags = third.Schema.Fields.Single(f => f.Name == "tags");
        Assert.Equal("ARRAY", tags.Type);
        Assert.Equal("STRING", Assert.Single(tags.Children).Type);
        Assert.Equal("DECIMAL(12, 2)", third.Schema.Fields.Single(f => f.Name == "amount").Type);
    }

    [Fact]
    public async Task Options_are_the_newest_ones_and_renamed_columns_keep_their_ids()
    {
        LakeScan first = await PlanAsync("altered", 1);
        LakeScan second = await PlanAsync("altered", 2);
        Assert.Equal("later", first.Options["comment-option"]);
        Assert.Equal("name", first.Schema.Fields.Single(f => f.Id == 1).Name);
        Assert.Equal("title", second.Schema.Fields.Single(f => f.Id == 1).Name);
        Assert.Equal(("INT", "BIGINT"), (first.Schema.Fields.Single(f => f.Id == 0).Type, second.Schema.Fields.Single(f => f.Id == 0).Type));
        Assert.DoesNotContain(2, second.Schema.Fields.Select(f => f.Id));
        Assert.Equal(["x", "y"], second.Schema.Fields.Single(f => f.Type == "ROW").Children.Select(f => f.Name));
    }

    [Fact]
    public async Task All_column_types_come_with_root_parameters_and_nullability()
    {
        LakeScan scan = await PlanAsync("all_types", 1);
        Assert.Equal(new LakeField(0, "id", "INT", false), scan.Schema.Fields[0] with { Children = scan.Schema.Fields[0].Children });
        Assert.Equal(
            [
                "INT", "BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL(9, 2)", "DECIMAL(38, 10)", "CHAR(8)", "STRING", "BINARY(4)", "BYTES",
                "DATE", "TIME(0)", "TIMESTAMP(3)", "TIMESTAMP(6)", "TIMESTAMP(9)", "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TIMESTAMP(6) WITH LOCAL TIME ZONE",
                "TIMESTAMP(9) WITH LOCAL TIME ZONE", "ARRAY", "MAP", "ROW",
            ],
            scan.Schema.Fields.Take(25).Select(f => f.Type));
        Assert.All(scan.Schema.Fields.Skip(1), f => Assert.True(f.IsNullable));
        Assert.Equal(["key", "value"], scan.Schema.Fields[23].Children.Select(f => f.Name));
        Assert.Equal(["x:INT", "y:STRING"], scan.Schema.Fields[24].Children.Select(f => $"{f.Name}:{f.Type}"));
    }

    [Theory]
    [InlineData("part_string", "a_b-c", "eu", "us")]
    [InlineData("part_int", "-3", "2147483647", "7")]
    [InlineData("part_bigint", "-1", "9000000000")]
    [InlineData("part_date", "1969-12-31", "2024-02-29")]
    [InlineData("part_bool", "false", "true")]
    [InlineData("default_name", null, "v")]
    public async Task Partition_values_come_as_text(string table, params string?[] values)
    {
        LakeScan scan = await PlanAsync(table, 1);
        Assert.Equal(values, scan.Files.Select(f => Assert.Single(f.PartitionValues)).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Partition_values_are_the_rows_not_the_folders_names()
    {
        LakeScan scan = await PlanAsync("escapes", 1);
        Assert.Equal(
            [null, "", "  ", "\"#'*?\\{}[]^", "%41", "a long value of a partition", "a/b", "c=d%", "emoji \U0001F600", "h\u00e9llo", "tab\there", "x:y z"],
            scan.Files.Select(f => f.PartitionValues[0]).Distinct().OrderBy(v => v is null ? -1 : v.Length == 0 ? 0 : 1).ThenBy(v => v, StringComparer.Ordinal));
        LakeScan dates = await PlanAsync("legacy_names", 1);
        Assert.Equal([null, "1969-12-31", "2024-02-29"], dates.Files.Select(f => f.PartitionValues[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("pk", 1, "primary key (id)")]
    [InlineData("orc", 1, "its format is 'orc'")]
    [InlineData("data_evolution", 1, "data-evolution.enabled")]
    [InlineData("manifest_format", 1, "manifest.format")]
    [InlineData("decimals", 1, "the type DECIMAL(10, 2)")]
    [InlineData("odd_dates", 1, "years 1 to 9999")]
    [InlineData("deleted_rows", 2, "deletion vector")]
    [InlineData("deleted_rows", 3, "deletion vector")]
    public async Task What_is_not_supported_is_refused_by_name(string table, long snapshot, string named)
    {
        LakeException e = await Assert.ThrowsAsync<LakeException>(() => PlanAsync(table, snapshot));
        Assert.Equal(LakeErrorKind.NotSupported, e.Kind);
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
        Assert.Contains(table, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Deletion_vectors_of_files_that_are_not_live_do_not_matter(int snapshot)
    {
        LakeScan scan = await PlanAsync("deleted_rows", snapshot);
        Assert.Equal(Fixture.Expected("deleted_rows").Single(s => s.Snapshot == snapshot).Files, Relative("deleted_rows", scan));
    }

    private Task<LakeScan> PlanAsync(string table, long snapshot) => _planner.PlanAsync(Fixture.Root(table), snapshot, TestContext.Current.CancellationToken);

    private static IEnumerable<ExpectedFile> Relative(string table, LakeScan scan)
    {
        string root = Fixture.Root(table) + "/";
        foreach (LakeFile file in scan.Files)
        {
            string path = file.Path.StartsWith(root, StringComparison.Ordinal) ? file.Path[root.Length..] : file.Path;
            yield return new ExpectedFile(path, file.Bucket, file.Level, file.RowCount, file.SizeInBytes, file.SchemaId, file.MinSequenceNumber);
        }
    }
}
