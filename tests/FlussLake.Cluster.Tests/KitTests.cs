using System.Text.Json.Nodes;
using FlussLake.Client.Metadata;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests;

/// <summary>The tests' own tools: cluster, lab, dump parser and comparer.</summary>
public sealed class KitTests(MainCluster main)
{
    private readonly KitCluster _cluster = main.Cluster;

    [Fact]
    public void Appended_values_come_back_from_the_dump_in_canonical_form()
    {
        LabTable table = LabTable.Unique("kit") with
        {
            Columns =
            [
                new("id", "BIGINT NOT NULL"), new("flag", "BOOLEAN"), new("f", "FLOAT"), new("d", "DOUBLE"), new("c", "CHAR(4)"), new("s", "STRING"), new("b", "BYTES"),
                new("n", "DECIMAL(38,10)"), new("day", "DATE"), new("t", "TIME(3)"), new("ts", "TIMESTAMP(6)"), new("ltz", "TIMESTAMP_LTZ(9)"),
                new("a", "ARRAY<INT>"), new("m", "MAP<STRING,INT>"), new("r", "ROW<x INT, y STRING>"),
            ],
        };
        _cluster.Lab.CreateTable(table);
        _cluster.Lab.Append(
            table,
            [
                long.MinValue, true, 0.1f, double.NaN, "ab", "NULL", "00ff", "-1.5", "0001-01-01", "10:11:12.345", "1969-12-31T23:59:59.999", "2024-02-29T00:00:00.000000001Z",
                new JsonArray(1, null), new JsonArray(new JsonArray("k", 1)), new JsonArray(7, "y"),
            ],
            [1L, null, null, null, null, null, null, null, null, null, null, null, null, null, null]);

        IReadOnlyList<DumpedRow> rows = _cluster.Lab.Dump(table);

        Assert.Equal([0L, 1L], rows.Select(row => row.Offset));
        Assert.Equal(
            [
                "-9223372036854775808", "true", "0.1 #3DCCCCCD", "NaN", "\"ab\"", "\"NULL\"", "0x00FF", "-1.5000000000", "0001-01-01", "10:11:12.345000000",
                "1969-12-31 23:59:59.999000000", "2024-02-29 00:00:00.000000001Z", "[1, NULL]", "{\"k\": 1}", "(7, \"y\")",
            ],
            rows[0].Values);
        Assert.Equal("1" + string.Concat(Enumerable.Repeat(" | NULL", 14)), rows[1].Text);
    }

    [Fact]
    public void A_tiering_round_registers_what_it_was_told_to_tier()
    {
        LabTable table = LabTable.Unique("kit") with { Buckets = 2, BucketKey = ["id"] };
        Lab lab = _cluster.Lab;
        lab.CreateTable(table);
        lab.Generate(table, 100);
        IReadOnlyDictionary<string, (long Earliest, long Latest)> ends = lab.Offsets(table);
        Assert.Equal(100, ends.Values.Sum(end => end.Latest));

        long? first = lab.Tier(table, new Dictionary<string, long> { ["0"] = 10 });

        (long snapshot, IReadOnlyDictionary<string, long> offsets) = lab.LakeSnapshot(table);
        Assert.Equal(first, snapshot);
        Assert.Equal(new Dictionary<string, long> { ["0"] = 10 }, offsets);

        long? hidden = lab.Tier(table, register: false);
        Assert.True(hidden > first);
        Assert.Equal(first, lab.LakeSnapshot(table).Snapshot);
    }

    [Fact]
    public void The_lab_serves_many_threads()
    {
        LabTable[] tables = [.. Enumerable.Range(0, 4).Select(_ => LabTable.Unique("kit") with { Lake = false })];
        List<Exception> failures = OwnThreads.Run(tables.Length, number =>
        {
            LabTable table = tables[number];
            _cluster.Lab.CreateTable(table);
            _cluster.Lab.Generate(table, 10 + number);
            Assert.Equal(10 + number, _cluster.Lab.Dump(table).Count);
        });
        Assert.Empty(failures);
    }

    [Fact]
    public void The_lab_s_errors_are_exceptions_with_its_text()
    {
        LabException error = Assert.Throws<LabException>(() => _cluster.Lab.Dump(LabTable.Unique("missing")));
        Assert.Contains("TableNotExistException", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_leaves_nothing_behind()
    {
        KitCluster cluster = KitCluster.Start(new KitOptions { Lake = "none" });
        int process = int.Parse(File.ReadAllText(Path.Combine(cluster.Folder, "run", "tablet-0.pid")), null);
        Assert.NotNull(System.Diagnostics.Process.GetProcessById(process));

        cluster.Dispose();

        Assert.False(Directory.Exists(cluster.Folder));
        Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(process));
    }

    [Theory]
    [InlineData("DECIMAL(10,2)", "3.1", "3.10")]
    [InlineData("DECIMAL(10,2)", "-0.00", "0.00")]
    [InlineData("DECIMAL(38,0)", "-99999999999999999999999999999999999999", "-99999999999999999999999999999999999999")]
    [InlineData("TIMESTAMP(9)", "1969-12-31 23:59:59.123456789", "1969-12-31 23:59:59.123456789")]
    [InlineData("TIMESTAMP(9)", "2024-01-01T10:11", "2024-01-01 10:11:00.000000000")]
    public void Texts_have_one_canonical_form(string type, string text, string canonical) =>
        Assert.Equal(canonical, Canonical.FromReader(text, FlussType.Parse(type)));

    [Theory]
    [InlineData("DECIMAL(10,2)", "3.125")]
    [InlineData("TIMESTAMP(9)", "2024-01-01T10:11:12.1234567891")]
    [InlineData("INT", "1")]
    public void What_would_lose_digits_or_has_another_type_is_an_error(string type, string text) =>
        Assert.ThrowsAny<Exception>(() => Canonical.FromReader(text, FlussType.Parse(type)));

    [Fact]
    public void Equal_multisets_do_not_differ_and_others_say_what_is_missing_and_too_many()
    {
        Assert.Null(RowSet.Difference(["a", "b", "b"], ["b", "a", "b"]));
        string difference = RowSet.Difference(["a", "b", "b"], ["b", "a", "a", "c"])!;
        Assert.Equal("3 rows expected, 4 found.\n1 missing:\n  b\n2 too many:\n  a\n  c", difference);
    }
}
