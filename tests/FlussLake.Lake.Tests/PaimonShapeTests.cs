using System.Diagnostics;
using FlussLake.Lake.Paimon;
using static FlussLake.Lake.Tests.PaimonTableBuilder;

namespace FlussLake.Lake.Tests;

/// <summary>Metadata of older and newer releases, and metadata that contradict themselves.</summary>
public sealed class PaimonShapeTests
{
    [Theory]
    [InlineData(false, "null")]
    [InlineData(true, "null")]
    [InlineData(true, "deflate")]
    public async Task Records_in_unions_and_without_the_fields_of_later_releases_are_read(bool unions, string codec)
    {
        PaimonTableBuilder table = new() { HasUnions = unions, FileFields = OldFileFields, Codec = codec };
        LakeScan scan = await PlanAsync(table.Manifest(Entry("a.parquet", 3), Entry("b.parquet", 4)).Manifest(Entry("a.parquet", 3, isAdd: false)));
        LakeFile file = Assert.Single(scan.Files);
        Assert.Equal(("/t/bucket-0/b.parquet", 4L, 104L, 5L), (file.Path, file.RowCount, file.SizeInBytes, file.MinSequenceNumber));
    }

    [Fact]
    public async Task Fields_of_later_releases_are_skipped_whatever_their_type()
    {
        LakeScan scan = await PlanAsync(new PaimonTableBuilder().Manifest(Entry("a.parquet", 3), Entry("b.parquet", 4)));
        Assert.Equal([3L, 4], scan.Files.Select(f => f.RowCount));
    }

    [Fact]
    public async Task A_file_that_moves_to_another_level_stays()
    {
        LakeScan scan = await PlanAsync(new PaimonTableBuilder().Manifest(Entry("a.parquet")).Manifest(Entry("a.parquet", isAdd: false), Entry("a.parquet", level: 5)));
        Assert.Equal(5, Assert.Single(scan.Files).Level);
    }

    [Fact]
    public async Task A_delete_may_stand_before_its_add()
    {
        LakeScan scan = await PlanAsync(new PaimonTableBuilder().Manifest(Entry("a.parquet", isAdd: false), Entry("b.parquet")).Manifest(Entry("a.parquet")));
        Assert.Equal("/t/bucket-0/b.parquet", Assert.Single(scan.Files).Path);
    }

    [Fact]
    public async Task Files_of_one_name_in_two_buckets_or_partitions_are_two_files()
    {
        PaimonTableBuilder table = new() { PartitionKeys = "\"p\"" };
        byte[] one = Convert.FromHexString("00000001000000000000000031000000000000" + "81");
        byte[] two = Convert.FromHexString("00000001000000000000000032000000000000" + "81");
        LakeScan scan = await PlanAsync(table.Manifest(
            Entry("a.parquet", partition: one), Entry("a.parquet", bucket: 1, partition: one), Entry("a.parquet", partition: two), Entry("a.parquet", isAdd: false, partition: two)));
        Assert.Equal(["/t/p=1/bucket-0/a.parquet", "/t/p=1/bucket-1/a.parquet"], scan.Files.Select(f => f.Path));
    }

    [Fact]
    public async Task Files_that_wait_for_a_bucket_are_not_read()
    {
        LakeScan scan = await PlanAsync(new PaimonTableBuilder().Manifest(Entry("a.parquet"), Entry("b.parquet", bucket: -2)));
        Assert.Equal("/t/bucket-0/a.parquet", Assert.Single(scan.Files).Path);
    }

    [Fact]
    public async Task An_external_path_is_taken_as_it_is()
    {
        Dictionary<string, object?> entry = Entry("a.parquet");
        entry["_EXTERNAL_PATH"] = "file:/elsewhere/p=x%2Fy/a.parquet";
        Assert.Equal("/elsewhere/p=x%2Fy/a.parquet", Assert.Single((await PlanAsync(new PaimonTableBuilder().Manifest(entry))).Files).Path);
    }

    [Fact]
    public async Task A_table_without_files_has_an_empty_plan()
    {
        LakeScan scan = await PlanAsync(new PaimonTableBuilder().Manifest());
        Assert.Empty(scan.Files);
        Assert.Empty(scan.FileSchemas);
        Assert.Equal(["id", "p"], scan.Schema.Fields.Select(f => f.Name));
    }

    [Fact]
    public async Task A_delete_of_a_file_that_was_never_added_is_an_error() =>
        await RefusedAsync(new PaimonTableBuilder().Manifest(Entry("a.parquet"), Entry("gone.parquet", isAdd: false)), LakeErrorKind.Damaged, "'gone.parquet' is deleted, but was never added");

    [Fact]
    public async Task A_file_that_is_added_twice_is_an_error() =>
        await RefusedAsync(new PaimonTableBuilder().Manifest(Entry("a.parquet")).Manifest(Entry("a.parquet")), LakeErrorKind.Damaged, "'a.parquet' is added twice");

    [Fact]
    public async Task Rows_that_do_not_add_up_to_the_snapshots_are_an_error() =>
        await RefusedAsync(new PaimonTableBuilder { TotalRows = 8 }.Manifest(Entry("a.parquet", 7)), LakeErrorKind.Damaged, "hold 7 rows, the snapshot says 8");

    [Fact]
    public async Task Entries_of_another_version_are_refused() =>
        await RefusedAsync(new PaimonTableBuilder { EntryVersion = 3 }.Manifest(Entry("a.parquet")), LakeErrorKind.NotSupported, "/t/manifest/manifest-0", "version 3");

    [Fact]
    public async Task A_schema_without_a_needed_field_is_an_error() => await RefusedAsync(
        new PaimonTableBuilder { FileFields = OldFileFields.Replace("_ROW_COUNT", "_ROWS", StringComparison.Ordinal) }.Manifest(), LakeErrorKind.Damaged, "lacks the field '_ROW_COUNT'");

    [Theory]
    [InlineData("a.blob", "'blob'")]
    [InlineData("a.orc", "'orc'")]
    [InlineData("a.avro", "'avro'")]
    [InlineData("a.parquet.lance", "'lance'")]
    [InlineData("noformat", "''")]
    public async Task Files_other_than_Parquet_are_refused(string name, string format) =>
        await RefusedAsync(new PaimonTableBuilder().Manifest(Entry(name)), LakeErrorKind.NotSupported, "/t/bucket-0/" + name, "its format is " + format);

    [Theory]
    [InlineData("../../etc/a.parquet")]
    [InlineData("/a.parquet")]
    [InlineData("x\\a.parquet")]
    [InlineData("..")]
    [InlineData("")]
    public async Task A_name_that_leaves_its_folder_is_refused(string name) =>
        await RefusedAsync(new PaimonTableBuilder().Manifest(Entry(name)), LakeErrorKind.Damaged, "no file name");

    [Fact]
    public async Task Files_of_some_columns_are_refused()
    {
        Dictionary<string, object?> entry = Entry("a.parquet");
        entry["_WRITE_COLS"] = new object[] { "id" };
        await RefusedAsync(new PaimonTableBuilder().Manifest(entry), LakeErrorKind.NotSupported, "_WRITE_COLS", "a.parquet");
    }

    [Fact]
    public async Task Rows_that_take_others_back_are_refused()
    {
        Dictionary<string, object?> entry = Entry("a.parquet");
        entry["_DELETE_ROW_COUNT"] = 2L;
        await RefusedAsync(new PaimonTableBuilder().Manifest(entry), LakeErrorKind.NotSupported, "_DELETE_ROW_COUNT", "a.parquet");
    }

    [Theory]
    [InlineData("branch", "dev")]
    [InlineData("scan.fallback-branch", "dev")]
    [InlineData("chain-table.enabled", "true")]
    [InlineData("data-evolution.enabled", "TRUE")]
    [InlineData("manifest.format", "orc")]
    [InlineData("query-auth.enabled", "true")]
    [InlineData("type", "object-table")]
    [InlineData("data-file.path-directory", "../other")]
    public async Task Options_that_change_what_a_table_means_are_refused(string name, string value)
    {
        PaimonTableBuilder table = new();
        table.Options[name] = value;
        await RefusedAsync(table.Manifest(Entry("a.parquet")), LakeErrorKind.NotSupported, "'" + name + "'", "'" + value + "'");
    }

    [Fact]
    public async Task Partition_values_of_another_shape_are_an_error()
    {
        PaimonTableBuilder table = new() { PartitionKeys = "\"p\"" };
        await RefusedAsync(table.Manifest(Entry("a.parquet")), LakeErrorKind.Damaged, "1 partition keys");

        // A text of 2^31 bytes at an offset behind the row's end.
        byte[] far = Convert.FromHexString("000000010000000000000000" + "ffffff7f" + "00000010");
        await RefusedAsync(new PaimonTableBuilder { PartitionKeys = "\"p\"" }.Manifest(Entry("a.parquet", partition: far)), LakeErrorKind.Damaged, "outside its row");
    }

    [Fact]
    public async Task Ten_thousand_files_are_planned_well_within_a_second_and_again_from_memory()
    {
        PaimonTableBuilder table = new() { PartitionKeys = "\"p\"", Codec = "deflate" };
        byte[] partition = Convert.FromHexString("00000001000000000000000031000000000000" + "81");
        for (int m = 0; m < 20; m++) table.Manifest([.. Enumerable.Range(m * 500, 500).Select(i => Entry($"data-7ee72047-2067-4acb-a4d3-7c4feb4499ad-{i}.parquet", partition: partition))]);
        MemoryLakeStorage storage = table.Build();
        PaimonPlanner planner = new(storage);
        Stopwatch watch = Stopwatch.StartNew();
        LakeScan first = await planner.PlanAsync("/t", 1, TestContext.Current.CancellationToken);
        TimeSpan cold = watch.Elapsed;
        storage.Reads.Clear();
        watch.Restart();
        LakeScan again = await planner.PlanAsync("/t", 1, TestContext.Current.CancellationToken);
        TestContext.Current.SendDiagnosticMessage($"10,000 files: {cold.TotalMilliseconds:F0} ms, again {watch.Elapsed.TotalMilliseconds:F0} ms, cache {planner.CachedBytes} bytes");
        Assert.Equal(10_000, first.Files.Count);
        Assert.Equal(first.Files.Select(f => f.Path), again.Files.Select(f => f.Path));
        Assert.InRange(cold, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(["/t/snapshot/snapshot-1", "/t/schema/schema-0"], storage.Reads);
    }

    [Fact]
    public async Task The_cache_stays_within_its_limit()
    {
        PaimonTableBuilder table = new();
        for (int m = 0; m < 20; m++) table.Manifest([.. Enumerable.Range(m * 100, 100).Select(i => Entry($"{i}.parquet"))]);
        PaimonPlanner planner = new(table.Build(), 100_000);
        for (int i = 0; i < 3; i++) Assert.Equal(2000, (await planner.PlanAsync("/t", 1, TestContext.Current.CancellationToken)).Files.Count);
        Assert.InRange(planner.CachedBytes, 20_000, 100_000);
    }

    [Fact]
    public async Task Several_threads_may_share_a_planner()
    {
        PaimonTableBuilder table = new();
        for (int m = 0; m < 8; m++) table.Manifest([.. Enumerable.Range(m * 100, 100).Select(i => Entry($"{i}.parquet"))]);
        PaimonPlanner planner = new(table.Build(), 60_000);
        int[] counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            int count = 0;
            for (int i = 0; i < 50; i++) count += (await planner.PlanAsync("/t", 1, TestContext.Current.CancellationToken)).Files.Count;
            return count;
        })));
        Assert.All(counts, count => Assert.Equal(50 * 800, count));
    }

    private static Task<LakeScan> PlanAsync(PaimonTableBuilder table) => new PaimonPlanner(table.Build()).PlanAsync("/t", 1, TestContext.Current.CancellationToken);

    private static async Task RefusedAsync(PaimonTableBuilder table, LakeErrorKind kind, params string[] named)
    {
        LakeException e = await Assert.ThrowsAsync<LakeException>(() => PlanAsync(table));
        Assert.Equal(kind, e.Kind);
        Assert.All(named, text => Assert.Contains(text, e.Message, StringComparison.Ordinal));
    }
}
