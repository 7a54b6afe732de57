using System.Data.Common;
using Dapper;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests;

/// <summary>Every state that lake and log of a table can be in towards each other: each record comes exactly once.</summary>
public sealed class UnionCaseTests(MainCluster main) : ClusterTest(main)
{
    private static readonly Dictionary<string, string> s_keepSnapshots = new() { ["paimon.snapshot.num-retained.min"] = "100", ["paimon.snapshot.num-retained.max"] = "100" };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_table_without_a_lake_is_its_log(bool bucketKey)
    {
        LabTable table = Create(Table(bucketKey) with { Lake = false });
        Fill(table, 0, 200);
        AssertHalves(table, lake: 0, log: 200);
    }

    [Fact]
    public void A_table_whose_lake_has_no_snapshot_yet_is_its_log()
    {
        LabTable table = Create(Table(bucketKey: true));
        Fill(table, 0, 200);
        AssertHalves(table, lake: 0, log: 200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_fully_tiered_table_is_its_lake(bool bucketKey)
    {
        LabTable table = Create(Table(bucketKey));
        Fill(table, 0, 200);
        Lab.Tier(table);
        AssertHalves(table, lake: 200, log: 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_partly_tiered_table_is_its_lake_and_the_log_after_it(bool bucketKey)
    {
        LabTable table = Create(Table(bucketKey));
        Fill(table, 0, 200);
        Lab.Tier(table);
        Fill(table, 200, 100);
        AssertHalves(table, lake: 200, log: 100);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Buckets_that_were_never_tiered_come_from_the_log_alone(bool bucketKey)
    {
        LabTable table = Create(Table(bucketKey));
        Fill(table, 0, 300);
        (string bucket, (_, long end)) = Lab.Offsets(table).MaxBy(bucket => bucket.Value.Latest);

        Lab.Tier(table, new Dictionary<string, long> { [bucket] = end });

        AssertHalves(table, lake: end, log: 300 - end);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_bucket_that_was_tiered_to_the_middle_of_a_batch_goes_on_behind_it(bool bucketKey)
    {
        LabTable table = Create(Table(bucketKey));
        Fill(table, 0, 300);
        Dictionary<string, long> upTo = Lab.Offsets(table).Where(bucket => bucket.Value.Latest > 3).ToDictionary(bucket => bucket.Key, bucket => bucket.Value.Latest / 2 + 1);

        Lab.Tier(table, upTo);

        AssertHalves(table, lake: upTo.Values.Sum(), log: 300 - upTo.Values.Sum());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Several_rounds_of_tiering_with_rows_between_them_lose_and_repeat_nothing(bool bucketKey)
    {
        LabTable table = Create(Table(bucketKey));
        using DbConnection connection = Open();
        for (int round = 0; round < 4; round++)
        {
            Fill(table, round * 60L, 60);
            AssertSameAsDump(connection, table);
            Lab.Tier(table);
            AssertSameAsDump(connection, table);
        }

        Fill(table, 240, 30);
        AssertHalves(table, lake: 240, log: 30);
    }

    [Fact]
    public void A_lake_snapshot_that_is_not_registered_is_not_read()
    {
        LabTable table = Create(Table(bucketKey: true) with { CustomProperties = s_keepSnapshots });
        Fill(table, 0, 100);
        long? registered = Lab.Tier(table);
        Fill(table, 100, 50);
        long? newer = Lab.Tier(table, register: false);
        Assert.True(newer > registered);
        Fill(table, 150, 25);

        AssertHalves(table, lake: 100, log: 75);
    }

    [Fact]
    public void A_lake_that_was_compacted_behind_fluss_s_back_is_read_at_the_registered_snapshot()
    {
        LabTable table = Create(Table(bucketKey: true) with { CustomProperties = s_keepSnapshots });
        for (int round = 0; round < 3; round++)
        {
            Fill(table, round * 50L, 50);
            Lab.Tier(table);
        }

        long compacted = Lab.Compact(table);
        Assert.True(compacted >= Lab.LakeSnapshot(table).Snapshot);
        Fill(table, 150, 20);
        AssertHalves(table, lake: 150, log: 20);

        Lab.Tier(table);
        Fill(table, 170, 10);
        AssertHalves(table, lake: 170, log: 10);
    }

    [Fact]
    public void Expired_older_snapshots_are_not_needed()
    {
        LabTable table = Create(Table(bucketKey: true));
        for (int round = 0; round < 3; round++)
        {
            Fill(table, round * 50L, 50);
            Lab.Tier(table);
        }

        Lab.Compact(table);
        Fill(table, 150, 20);
        long? newest = Lab.Tier(table);
        Assert.Equal(newest, Lab.Expire(table));
        Fill(table, 170, 10);

        AssertHalves(table, lake: 170, log: 10);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_empty_table_has_columns_and_no_rows(bool lake)
    {
        LabTable table = Create(Table(bucketKey: true) with { Lake = lake });
        AssertHalves(table, lake: 0, log: 0);
        using DbConnection connection = Open();
        Assert.Equal(table.Columns.Select(column => column.Name), connection.DescribeColumns($"SELECT * FROM fluss_read('{table.Path}')").Select(column => column.Name));
        Assert.Equal(0L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Path}')"));
    }

    [Fact]
    public void Rows_appended_after_a_statement_are_in_the_next_one()
    {
        LabTable table = CreateHalfTiered(buckets: 2);
        using DbConnection connection = Open();
        Assert.Equal(150L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}')"));
        Lab.Generate(table, 7, from: 150);
        Assert.Equal(157L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}')"));
    }

    [Fact]
    public void Union_read_required_wants_a_readable_snapshot()
    {
        LabTable table = Create(Table(bucketKey: true));
        Fill(table, 0, 10);
        using DbConnection connection = Open("Union Read=Required");
        DbException refusal = Assert.ThrowsAny<DbException>(() => connection.ReadTable(table));
        Assert.Contains(table.Name, refusal.Message, StringComparison.Ordinal);

        Lab.Tier(table);
        RowSet.AssertEqual(Dump(table), connection.ReadTable(table));
    }

    private static LabTable Table(bool bucketKey) => LabTable.Unique("union") with
    {
        Buckets = 3,
        BucketKey = bucketKey ? ["id"] : [],
        Columns =
        [
            new("id", "BIGINT NOT NULL"), new("status", "STRING"), new("amount", "DECIMAL(12,2)"), new("ratio", "DOUBLE"), new("small", "SMALLINT"), new("flag", "BOOLEAN"),
            new("raw", "BYTES"), new("day", "DATE"), new("at", "TIMESTAMP(6)"), new("seen", "TIMESTAMP_LTZ(3)"), new("wide", "DECIMAL(38,4)"),
        ],
    };

    // Each flush ends a batch; without a bucket key it also moves on to another bucket.
    private void Fill(LabTable table, long from, long rows) => Lab.Generate(table, rows, from, nullPercent: 20, flushEvery: 37);

    private void AssertHalves(LabTable table, long lake, long log)
    {
        using DbConnection connection = Open();
        AssertSameAsDump(connection, table);
        Assert.Equal(lake, connection.ReadTable(table, "$lake").Count);
        Assert.Equal(log, connection.ReadTable(table, "$log").Count);
        Assert.Equal(lake + log, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Path}')"));
    }
}
