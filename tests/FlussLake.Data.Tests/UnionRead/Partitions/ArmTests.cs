using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Data.Sessions;
using FlussLake.Data.UnionRead;
using FlussLake.Data.UnionRead.Partitions;
using FlussLake.Lake;

namespace FlussLake.Data.Tests.UnionRead.Partitions;

/// <summary>How halves are divided into arms, and which partition values may come from paths.</summary>
public sealed class ArmTests : IDisposable
{
    private readonly Session _session = new(new SessionSettings());

    [Fact]
    public void Each_partition_of_a_half_is_an_arm_with_its_keys_as_constants()
    {
        TableInfo table = Table("STRING");
        UnionReadPlan plan = Plan(table, Files(2), 2);

        string sql = UnionReadSql.Render(plan);

        Assert.Contains($"SELECT 0::TINYINT AS __n, \"id\"::BIGINT AS c0, 'k0'::VARCHAR AS c1 FROM read_parquet(string_split(__flusslake_files('{plan.Id}/0'), chr(10)), hive_partitioning=false", sql, StringComparison.Ordinal);
        Assert.Contains($"'k1'::VARCHAR AS c1 FROM read_parquet(string_split(__flusslake_files('{plan.Id}/1')", sql, StringComparison.Ordinal);
        Assert.Contains($"SELECT __n, c0::BIGINT AS c0, 'k0'::VARCHAR AS c1 FROM __flusslake_log('{plan.Id}/0')", sql, StringComparison.Ordinal);
        Assert.Contains($"SELECT __n, c0::BIGINT AS c0, 'k1'::VARCHAR AS c1 FROM __flusslake_log('{plan.Id}/1')", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_are_too_many_the_paths_tell_the_keys_of_the_lake_and_the_rows_those_of_the_log()
    {
        UnionReadPlan plan = Plan(Table("STRING"), Files(LogArms.Most + 1), LogArms.Most + 1);

        string sql = UnionReadSql.Render(plan);

        Assert.Single(plan.LakeArms);
        Assert.Single(plan.LogArms);
        Assert.Contains("\"k\"::VARCHAR AS c1 FROM read_parquet(", sql, StringComparison.Ordinal);
        Assert.Contains("hive_partitioning=true, hive_types_autocast=false, hive_types={\"k\": VARCHAR}", sql, StringComparison.Ordinal);
        Assert.Contains($"c1::VARCHAR AS c1 FROM __flusslake_log('{plan.Id}/0')", sql, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("STRING", "a b", "k=a b", true)]
    [InlineData("STRING", "a/b", "k=a%2Fb", true)]
    [InlineData("STRING", "100%", "k=100%25", true)]
    [InlineData("STRING", "a%41", "k=a%2541", true)]
    [InlineData("STRING", "grün", "k=grün", true)]
    [InlineData("STRING", "NULL", "k=NULL", false)]
    [InlineData("STRING", "nULL", "k=nULL", false)]
    [InlineData("STRING", "__HIVE_DEFAULT_PARTITION__", "k=__HIVE_DEFAULT_PARTITION__", false)]
    [InlineData("STRING", null, "k=__DEFAULT_PARTITION__", false)]
    [InlineData("STRING", "", "k=__DEFAULT_PARTITION__", false)]
    [InlineData("STRING", "__DEFAULT_PARTITION__", "k=__DEFAULT_PARTITION__", true)]
    [InlineData("STRING", "x", "k=y", false)]
    [InlineData("STRING", "x", "K=x", false)]
    [InlineData("STRING", "x", "elsewhere", false)]
    [InlineData("STRING", "x", "id=3/k=x", false)]
    [InlineData("INT", "-7", "k=-7", true)]
    [InlineData("BOOLEAN", "true", "k=true", true)]
    [InlineData("DATE", "2024-02-29", "k=2024-02-29", true)]
    [InlineData("DATE", "2024-02-29", "k=19782", false)]
    [InlineData("TIME(3)", "10:11:12.0", "k=10%3A11%3A12", true)]
    [InlineData("TIME(3)", "10:11:12.5", "k=10%3A11%3A12", false)]
    [InlineData("TIMESTAMP(3)", "2024-02-29 10:11:12.120", "k=2024-02-29 10%3A11%3A12.120", true)]
    [InlineData("TIMESTAMP(9)", "2024-02-29 10:11:12.120000000", "k=2024-02-29 10%3A11%3A12.120000000", false)]
    [InlineData("TIMESTAMP_LTZ(3)", "2024-02-29 10:11:12.120", "k=2024-02-29 10%3A11%3A12.120", false)]
    [InlineData("BYTES", "61", "k=a", false)]
    public void A_path_tells_a_key_only_where_it_tells_the_manifest_s_value(string type, string? value, string folder, bool tells)
    {
        TableInfo table = Table(type);
        LakeFile[] files = [.. Files(LogArms.Most + 1, type), File(value, $"/lake/{folder}/bucket-0/odd.parquet")];

        LakeArm[] arms = [.. LakeArms.Divide(table, Scan(type, files), checkFiles: false)];

        Assert.Equal(files.Length, arms.Sum(arm => arm.Files.Count));
        Assert.Equal(tells, arms.Any(arm => arm.PathKeys.Count > 0 && arm.Files.Any(file => file.Path.EndsWith("odd.parquet", StringComparison.Ordinal))));
    }

    [Fact]
    public void A_root_that_looks_like_a_partition_makes_no_path_tell_anything()
    {
        LakeFile[] files = [.. Files(LogArms.Most + 1).Select(file => file with { Path = "/id=5" + file.Path })];

        Assert.All(LakeArms.Divide(Table("STRING"), Scan("STRING", files), checkFiles: false), arm => Assert.Empty(arm.PathKeys));
    }

    [Fact]
    public void Files_that_are_gone_are_an_arm_that_fails_when_it_is_read()
    {
        LakeScan lake = Scan("STRING", [.. Files(2)]);
        UnionReadPlan plan = Plan(Table("STRING"), lake.Files, 0) with { LakeArms = LakeArms.Divide(Table("STRING"), lake, checkFiles: true) };

        string sql = UnionReadSql.Render(plan);
        Assert.Contains("AS __n, error('The lake of table shop.orders no longer has the file ''/lake/k=k1/", sql, StringComparison.Ordinal);
        Assert.Contains("::BIGINT AS c0, 'k1'::VARCHAR AS c1 FROM range(1) WHERE error('The lake of table shop.orders no longer has the file ''/lake/k=k1/", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_no_row_writes_leaves_the_key_to_the_rows()
    {
        TableInfo table = Table("INT");
        Dictionary<long, PartitionInfo> partitions = new()
        {
            [1] = new PartitionInfo(1, "007", new Dictionary<string, string> { ["k"] = "007" }),
            [2] = new PartitionInfo(2, "7", new Dictionary<string, string> { ["k"] = "7" }),
        };

        IReadOnlyList<LogArm> arms = LogArms.Divide(table, [Range(1), Range(2)], partitions);

        Assert.Empty(arms[0].Constants);
        Assert.Equal([new PartitionConstant(1, "7")], arms[1].Constants);
    }

    [Fact]
    public void Of_a_wide_table_fewer_partitions_have_arms_of_their_own()
    {
        TableInfo wide = Table("STRING");
        wide = wide with { Schema = wide.Schema with { Columns = [.. wide.Schema.Columns, .. Enumerable.Range(2, 398).Select(i => new FlussColumn($"c{i}", new FlussType(FlussTypeKind.Int), i))] } };

        Assert.Equal((LogArms.Most, 25), (LakeArms.Most(Table("STRING")), LakeArms.Most(wide)));
    }

    public void Dispose() => _session.Dispose();

    private static TableInfo Table(string type) => new()
    {
        Path = new TablePath("shop", "orders"),
        TableId = 1,
        BucketCount = 1,
        PartitionKeys = ["k"],
        Schema = new TableSchema(1, [new FlussColumn("id", new FlussType(FlussTypeKind.BigInt), 0), new FlussColumn("k", FlussType.Parse(type), 1)], []),
    };

    private UnionReadPlan Plan(TableInfo table, IEnumerable<LakeFile> files, int partitions)
    {
        LakeScan lake = Scan("STRING", [.. files]);
        return Plans.Of(_session) with
        {
            Table = table,
            Lake = lake,
            LakeArms = LakeArms.Divide(table, lake, checkFiles: false),
            LogArms = LogArms.Divide(
                table,
                [.. Enumerable.Range(0, partitions).Select(i => Range(i))],
                Enumerable.Range(0, partitions).ToDictionary(i => (long)i, i => new PartitionInfo(i, $"k{i}", new Dictionary<string, string> { ["k"] = $"k{i}" }))),
        };
    }

    private static LogRange Range(long partition) => new(new TableBucket(1, partition, 0), 10, 20);

    private static IEnumerable<LakeFile> Files(int partitions, string type = "STRING") =>
        Enumerable.Range(0, partitions).Select(i => File(type == "STRING" ? $"k{i}" : null, $"/lake/k=k{i}/bucket-0/{i}.parquet"));

    private static LakeFile File(string? value, string path) => new()
    {
        Path = path,
        SchemaId = 0,
        Bucket = 0,
        RowCount = 5,
        SizeInBytes = 100,
        Partition = ReadOnlyMemory<byte>.Empty,
        PartitionValues = [value],
    };

    private static LakeScan Scan(string type, IReadOnlyList<LakeFile> files)
    {
        LakeSchema schema = new(0, [new LakeField(0, "id", "BIGINT", true), new LakeField(1, "k", type, true)], ["k"], []);
        return new LakeScan { SnapshotId = 1, Schema = schema, Options = new Dictionary<string, string>(), Files = files, FileSchemas = new Dictionary<long, LakeSchema> { [0] = schema } };
    }
}
