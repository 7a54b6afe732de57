using System.Text.Json.Nodes;
using FlussLake.Client;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests.Tiering;

/// <summary>Lake tables that this library writes, read by Paimon and DuckDB; the rows are those that Fluss's own tiering writes from the same log.</summary>
public sealed class PaimonTieringTests : ClusterTest, IDisposable
{
    private readonly LakeWriter _writer;

    public PaimonTieringTests(MainCluster main)
        : base(main) => _writer = new LakeWriter(Cluster);

    public void Dispose() => _writer.Dispose();

    [Fact]
    public async Task Every_type_is_written_as_the_real_tiering_writes_it()
    {
        LabTable table = Create(LabTable.Unique("tiered") with { Buckets = 2, Columns = AllTypes.Printable.Columns });
        Lab.Append(table, AllTypes.Printable.Rows(0));
        Lab.Generate(table, 300, from: 100, nullPercent: 30, flushEvery: 100);
        Lab.Tier(table);
        TablePath ours = await WrittenAsync(table);
        AssertSameAsReal(table, ours);
        AssertSameFiles(table, ours);
    }

    [Fact]
    public async Task Schemas_of_tables_and_files_are_those_of_the_real_coordinator_and_tiering()
    {
        LabTable table = Create(LabTable.Unique("tiered") with
        {
            Buckets = 3,
            BucketKey = ["id"],
            Columns = AllTypes.All.Columns,
            CustomProperties = new Dictionary<string, string> { ["paimon.file.block-size"] = "1 mb", ["my.own"] = "v" },
        });
        Lab.Append(table, AllTypes.All.Rows(0));
        Lab.Tier(table);
        TablePath ours = await WrittenAsync(table);
        TablePath real = new(table.Database, table.Name);
        Assert.Equal(LakeRows.ParquetSchema(Cluster, real), LakeRows.ParquetSchema(Cluster, ours));
        Assert.Equal(SchemaFields(real, 0), SchemaFields(ours, 0));
        Assert.Equal(SchemaOptions(real), SchemaOptions(ours));
        Lab.CreateDatabase(ours.Database);
        LabException e = Assert.Throws<LabException>(() => Lab.CreateTable(new LabTable(ours.Database, ours.Table)));
        Assert.Contains("LakeTableAlreadyExist", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifests_that_were_put_together_are_read_compacted_and_continued_by_Paimon()
    {
        LabTable table = Create(LabTable.Unique("tiered") with { Buckets = 1, BucketKey = ["id"], Columns = [new("id", "BIGINT NOT NULL"), new("p", "STRING"), new("d", "DATE")], PartitionedBy = ["p", "d"] });
        Lab.CreatePartition(table, ("p", "eu"), ("d", "2024-02-29"));
        Lab.CreatePartition(table, ("p", "a_long_name"), ("d", "1969-12-31"));
        Lab.Append(table, Enumerable.Range(0, 80).Select(id => (object?[])(id % 2 == 0 ? [id, "eu", "2024-02-29"] : [id, "a_long_name", "1969-12-31"])));
        Lab.Tier(table);
        TablePath ours = new("ours", table.Name);
        await _writer.CreateAsync(table, ours);
        for (int round = 0; round < 40; round++)
        {
            Assert.Equal(round + 1, await _writer.TierAsync(table, ours, round, round + 1));
        }

        AssertSameAsReal(table, ours);
        Lab.CompactLake(ours);
        Lab.ExpireLake(ours);
        AssertSameAsReal(table, ours);
        LabTable more = Create(LabTable.Unique("tiered") with { Buckets = 1, BucketKey = ["id"], Columns = table.Columns, PartitionedBy = table.PartitionedBy });
        Lab.CreatePartition(more, ("p", "eu"), ("d", "2024-02-29"));
        Lab.Append(more, [1000, "eu", "2024-02-29"], [1001, "eu", "2024-02-29"]);
        Assert.NotNull(await _writer.TierAsync(more, ours));
        Assert.Equal(
            [.. Enumerable.Range(0, 80), 1000, 1001], LakeRows.OfPaimon(Lab, ours).Select(row => int.Parse(row[1..row.IndexOf(',', StringComparison.Ordinal)], null)).Order());
    }

    [Fact]
    public async Task Paimon_reads_timestamps_before_1970_with_all_their_digits()
    {
        // Fluss's own tiering cannot: its Java client fails to read such values from the log.
        LabTable table = Create(LabTable.Unique("tiered") with
        {
            Columns =
            [
                new("id", "INT"), new("a", "TIMESTAMP(3)"), new("b", "TIMESTAMP(6)"), new("c", "TIMESTAMP(9)"), new("d", "TIMESTAMP_LTZ(6)"), new("e", "TIMESTAMP_LTZ(9)"),
            ],
        });
        Lab.Append(
            table,
            [1, "1969-12-31T23:59:59.999", "1969-12-31T23:59:59.999999", "1969-12-31T23:59:59.999999999", "1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999999Z"],
            [2, "0001-01-01T00:00:00.001", "0001-01-01T00:00:00.000001", "1677-09-22T00:00:00.000000001", "1582-10-15T00:00:00.123456Z", "1900-01-01T12:00:00.000000001Z"]);
        TablePath ours = await WrittenAsync(table);
        Assert.Equal(
            [
                "1 1969-12-31T23:59:59.999 1969-12-31T23:59:59.999999 1969-12-31T23:59:59.999999999 1969-12-31T23:59:59.999999 1969-12-31T23:59:59.999999999",
                "2 0001-01-01T00:00:00.001 0001-01-01T00:00:00.000001 1677-09-22T00:00:00.000000001 1582-10-15T00:00:00.123456 1900-01-01T12:00:00.000000001",
            ],
            LakeRows.OfPaimon(Lab, ours).Select(row => string.Join(' ', JsonNode.Parse(row)!.AsArray().Take(6))).Order());
    }

    [Fact]
    public async Task What_Paimon_reads_of_nested_values_it_writes_again_unchanged()
    {
        LabTable table = Create(LabTable.Unique("tiered") with { Buckets = 2, BucketKey = ["id"], Columns = AllTypes.All.Columns });
        TablePath ours = new("ours", table.Name);
        await _writer.CreateAsync(table, ours);
        for (int round = 0; round < 6; round++)
        {
            Lab.Append(table, AllTypes.All.Rows(round * 1000));
            Lab.Generate(table, 50, from: (round * 1000) + 100, nullPercent: 30);
            Lab.Tier(table);
        }

        Assert.Equal(1, await _writer.TierAsync(table, ours, 0, 20));
        Assert.Equal(2, await _writer.TierAsync(table, ours, 20, 40));
        for (int round = 2; round < 8; round++)
        {
            Assert.Equal(round + 1, await _writer.TierAsync(table, ours, round * 20, (round + 1) * 20));
        }

        Assert.Equal(9, await _writer.TierAsync(table, ours, 160));
        AssertSameFiles(table, ours);
        Lab.CompactLake(ours);
        Lab.ExpireLake(ours);
        Assert.True(Directory.GetFiles(LakeRows.Folder(Cluster, ours), "*.parquet", SearchOption.AllDirectories).Length < 18);
        AssertSameFiles(table, ours);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Partitions_of_every_type_lie_in_the_folders_of_the_real_tiering(bool hasBuckets)
    {
        (string Type, object First, object Second, string FirstName, string SecondName)[] keys =
        [
            ("STRING", "eu-west_1", "a long name of a partition".Replace(' ', '_'), "eu-west_1", "a_long_name_of_a_partition"),
            ("CHAR(2)", "ab", "xy", "ab", "xy"),
            ("BOOLEAN", true, false, "true", "false"),
            ("TINYINT", -3, 127, "-3", "127"),
            ("SMALLINT", -300, 32767, "-300", "32767"),
            ("INT", -70000, 7, "-70000", "7"),
            ("BIGINT", -1, 9000000000L, "-1", "9000000000"),
            ("DATE", "2024-02-29", "1969-12-31", "2024-02-29", "1969-12-31"),
            ("TIME(0)", "01:02:03", "00:00:00", "01-02-03_000", "00-00-00_000"),
            ("TIMESTAMP(0)", "2024-02-29T01:02:03", "1969-12-31T23:59:59", "2024-02-29-01-02-03_", "1969-12-31-23-59-59_"),
            ("TIMESTAMP(3)", "2024-02-29T01:02:03.120", "2024-02-29T01:02:03", "2024-02-29-01-02-03_12", "2024-02-29-01-02-03_"),
            ("TIMESTAMP(6)", "2024-02-29T01:02:03.123456", "2024-02-29T01:02:03.100", "2024-02-29-01-02-03_123456", "2024-02-29-01-02-03_1"),
            ("TIMESTAMP(9)", "2024-02-29T01:02:03.123456789", "2024-02-29T01:02:03", "2024-02-29-01-02-03_123456789", "2024-02-29-01-02-03_"),
        ];
        LabTable table = Create(LabTable.Unique("tiered") with
        {
            Buckets = 2,
            BucketKey = hasBuckets ? ["id"] : [],
            Columns = [new("id", "BIGINT NOT NULL"), .. keys.Select((key, i) => new LabColumn($"k{i}", key.Type)), new("v", "STRING")],
            PartitionedBy = [.. keys.Select((_, i) => $"k{i}")],
        });
        Lab.CreatePartition(table, keys.Select((key, i) => ($"k{i}", key.FirstName)));
        Lab.CreatePartition(table, keys.Select((key, i) => ($"k{i}", key.SecondName)));
        Lab.Append(table, Enumerable.Range(0, 20).Select(id => (object?[])[id, .. keys.Select(key => id % 2 == 0 ? key.First : key.Second), $"v{id}"]));
        Lab.Tier(table);
        TablePath ours = await WrittenAsync(table);
        AssertSameAsReal(table, ours);
        AssertSameFiles(table, ours);
        Assert.Equal(Folders(new TablePath(table.Database, table.Name)), Folders(ours));
    }

    [Fact]
    public async Task Columns_are_added_as_the_coordinator_adds_them_and_older_rows_have_NULL_there()
    {
        LabTable table = Create(LabTable.Unique("tiered") with { Buckets = 2, BucketKey = ["id"] });
        TablePath ours = new("ours", table.Name);
        await _writer.CreateAsync(table, ours);
        Lab.Generate(table, 20);
        Lab.Tier(table);
        Assert.Equal(1, await _writer.TierAsync(table, ours, 0, 5));
        Lab.AddColumn(table, new LabColumn("extra", "ROW<a INT, b ARRAY<STRING>>"));
        Lab.AddColumn(table, new LabColumn("more", "DECIMAL(10,2)"));
        _writer.Catalog.AddColumns(await _writer.DescribeAsync(table, ours));
        _writer.Catalog.AddColumns(await _writer.DescribeAsync(table, ours));
        Lab.Generate(table with { Columns = [.. table.Columns, new("extra", "ROW<a INT, b ARRAY<STRING>>"), new("more", "DECIMAL(10,2)")] }, 20, from: 20);
        Lab.Tier(table);

        // The second round still holds batches of the first schema.
        Assert.Equal(2, await _writer.TierAsync(table, ours, 5));
        AssertSameFiles(table, ours, "id, status, amount, extra, more, __bucket, __offset, __timestamp");
        Assert.Equal(SchemaFields(new TablePath(table.Database, table.Name), 2), SchemaFields(ours, 1));
        Lab.CompactLake(ours);
        Lab.ExpireLake(ours);
        AssertSameFiles(table, ours, "id, status, amount, extra, more, __bucket, __offset, __timestamp");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lake_table_of_the_real_tiering_is_continued_and_goes_on_to_be(bool hasBuckets)
    {
        LabTable table = Create(LabTable.Unique("tiered") with { Buckets = 2, BucketKey = hasBuckets ? ["id"] : [] });
        LabTable other = Create(LabTable.Unique("tiered") with { Buckets = 2, BucketKey = hasBuckets ? ["id"] : [] });
        TablePath lake = new(table.Database, table.Name);
        Lab.Generate(table, 50);
        Lab.Tier(table);
        Lab.Generate(other, 30, from: 1000);
        Assert.Equal(2, await _writer.TierAsync(other, lake, properties: new Dictionary<string, string> { ["fluss-offsets"] = "/nowhere" }));
        Assert.Equal(80, LakeRows.OfPaimon(Lab, lake).Count);
        Assert.Equal(2, _writer.Catalog.LatestTieringSnapshot(lake)!.Id);
        Assert.Equal("/nowhere", _writer.Catalog.LatestTieringSnapshot(lake)!.Properties["fluss-offsets"]);
        if (hasBuckets)
        {
            Lab.CompactLake(lake);
            Lab.ExpireLake(lake);
        }

        LabTable third = Create(LabTable.Unique("tiered") with { Buckets = 2, BucketKey = hasBuckets ? ["id"] : [] });
        Lab.Generate(third, 10, from: 2000);
        long snapshot = (await _writer.TierAsync(third, lake))!.Value;
        Lab.Generate(table, 25, from: 50);
        Assert.Equal(snapshot + 1, Lab.Tier(table));
        List<string> rows = LakeRows.OfPaimon(Lab, lake);
        IEnumerable<int> ids = [.. Enumerable.Range(0, 75), .. Enumerable.Range(1000, 30), .. Enumerable.Range(2000, 10)];
        Assert.Equal(ids, rows.Select(row => int.Parse(row[1..row.IndexOf(',', StringComparison.Ordinal)], null)).Order());
    }

    /// <summary>Writes all rows of a table into a lake table of our own.</summary>
    private async Task<TablePath> WrittenAsync(LabTable source)
    {
        TablePath target = new("ours", source.Name);
        await _writer.CreateAsync(source, target);
        Assert.Equal(1, await _writer.TierAsync(source, target));
        return target;
    }

    private void AssertSameAsReal(LabTable source, TablePath target)
    {
        List<string> expected = LakeRows.OfPaimon(Lab, new TablePath(source.Database, source.Name));
        Assert.NotEmpty(expected);
        RowSet.AssertEqual(expected, LakeRows.OfPaimon(Lab, target), "The rows that Paimon reads");
    }

    private void AssertSameFiles(LabTable source, TablePath target, string columns = "*") => RowSet.AssertEqual(
        LakeRows.OfDuckDb(Cluster, new TablePath(source.Database, source.Name), columns), LakeRows.OfDuckDb(Cluster, target, columns), "The rows that DuckDB reads");

    /// <summary>The folders of a lake table's data, in order.</summary>
    private List<string> Folders(TablePath table)
    {
        string root = LakeRows.Folder(Cluster, table);
        return [.. Directory.GetFiles(root, "*.parquet", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, Path.GetDirectoryName(file)!)).Order(StringComparer.Ordinal)];
    }

    private JsonNode Schema(TablePath table, int id) => JsonNode.Parse(File.ReadAllText(Path.Combine(LakeRows.Folder(Cluster, table), "schema", $"schema-{id}")))!;

    private IEnumerable<string> SchemaOptions(TablePath table) =>
        Schema(table, 0)["options"]!.AsObject().Select(option => $"{option.Key}={option.Value}").Order(StringComparer.Ordinal);

    private string SchemaFields(TablePath table, int id)
    {
        JsonNode json = Schema(table, id);
        return $"{json["fields"]!.ToJsonString()} {json["highestFieldId"]} {json["partitionKeys"]!.ToJsonString()}";
    }
}
