using System.Diagnostics;
using Apache.Arrow;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests;

/// <summary>Rows that the client appends, as Fluss's Java client reads them.</summary>
public sealed class AppendTests(MainCluster main) : ClusterTest(main), IDisposable
{
    /// <summary>Fluss type, smallest, largest and a further value, as the lab takes them.</summary>
    private static readonly (string Fluss, object Smallest, object Largest, object Further)[] s_types =
    [
        ("BOOLEAN", false, true, true),
        ("TINYINT", sbyte.MinValue, sbyte.MaxValue, 0),
        ("SMALLINT", short.MinValue, short.MaxValue, -1),
        ("INT", int.MinValue, int.MaxValue, 1),
        ("BIGINT", long.MinValue, long.MaxValue, (1L << 53) + 1),
        ("FLOAT", float.MinValue, float.MaxValue, float.Epsilon),
        ("FLOAT", float.NegativeInfinity, float.PositiveInfinity, float.NaN),
        ("DOUBLE", double.MinValue, double.MaxValue, double.Epsilon),
        ("DOUBLE", double.NegativeInfinity, double.NaN, -0.0),
        ("CHAR(3)", "", "abc", "日本語"),
        ("STRING", "", new string('x', 70_000), "twelve bytes, and 𝄞 more \0 than that\n"),
        ("BINARY(4)", "00000000", "ffffffff", "00ff0180"),
        ("BYTES", "", "ff" + new string('0', 3000), "00"),
        ("DECIMAL(1,0)", "-9", "9", "0"),
        ("DECIMAL(9,4)", "-99999.9999", "99999.9999", "-0.0001"),
        ("DECIMAL(18,6)", "-999999999999.999999", "999999999999.999999", "1.5"),
        ("DECIMAL(19,2)", "-99999999999999999.99", "99999999999999999.99", "0.10"),
        ("DECIMAL(38,10)", "-9999999999999999999999999999.9999999999", "9999999999999999999999999999.9999999999", "-0.0000000001"),
        ("DECIMAL(38,0)", "-99999999999999999999999999999999999999", "99999999999999999999999999999999999999", "-1"),
        ("DATE", "0001-01-01", "9999-12-31", "1969-12-31"),
        .. Enumerable.Range(0, 10).Select(digits => ($"TIME({digits})", (object)"00:00", (object)(digits < 3 ? "23:59:59" : "23:59:59.999"), (object)"12:34:56")),
        .. Enumerable.Range(0, 10).Select(digits =>
            ($"TIMESTAMP({digits})", (object)$"{FirstYear(digits)}-01-01T00:00:00", (object)Fraction($"{LastYear(digits)}-12-31T23:59:59", digits), (object)Fraction("1969-12-31T23:59:58", Math.Min(digits, 3)))),
        .. Enumerable.Range(0, 10).Select(digits =>
            ($"TIMESTAMP_LTZ({digits})", (object)$"{FirstYear(digits)}-01-01T00:00:00Z", (object)(Fraction($"{LastYear(digits)}-12-31T23:59:59", digits) + "Z"), (object)(Fraction("1969-12-31T23:59:58", Math.Min(digits, 3)) + "Z"))),
    ];

    private readonly FlussClient _client = new(new FlussClientOptions { BootstrapServers = [main.Cluster.Servers] });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("ZSTD")]
    [InlineData("LZ4_FRAME")]
    [InlineData("NONE")]
    public async Task Values_of_every_scalar_type_are_read_as_those_that_the_Java_client_wrote(string compression)
    {
        LabTable table = Create(LabTable.Unique("append") with
        {
            Columns = [new("id", "BIGINT NOT NULL"), .. s_types.Select((type, i) => new LabColumn($"c{i}", type.Fluss))],
            Properties = new Dictionary<string, string> { ["table.log.arrow.compression.type"] = compression },
            Lake = false,
        });
        object?[][] rows =
        [
            [0, .. s_types.Select(_ => (object?)null)],
            [1, .. s_types.Select(type => type.Smallest)],
            [2, .. s_types.Select(type => type.Largest)],
            [3, .. s_types.Select(type => type.Further)],
            [4, .. s_types.Select((type, i) => i % 2 == 0 ? null : type.Further)],
        ];
        await AssertWrittenAlike(table, rows);
    }

    [Fact]
    public async Task Nested_values_are_read_as_those_that_the_Java_client_wrote()
    {
        LabTable table = Create(LabTable.Unique("append") with
        {
            Columns =
            [
                new("id", "BIGINT NOT NULL"),
                new("list", "ARRAY<INT>"),
                new("pairs", "MAP<STRING, DECIMAL(20,3)>"),
                new("inner", "ROW<x INT, y STRING, z ARRAY<TIMESTAMP(6)>>"),
                new("deep", "ARRAY<MAP<INT, ROW<a BYTES, b ARRAY<STRING>>>>"),
            ],
            Lake = false,
        });
        static object?[] A(params object?[] values) => values;
        static object?[] One(object? value) => [value];
        object?[][] rows =
        [
            [0, null, null, null, null],
            [1, A(), A(), A(null, null, null), A()],
            [2, A(1, null, int.MinValue), A(A("k", "1.500"), A("", null)), A(7, "seven", A("2024-02-29T12:00:00.123456", null)), A(null, A(A(1, A("00ff", A("x", null, ""))), A(2, null)))],
            [3, A(Enumerable.Range(0, 3000).Select(i => (object?)i).ToArray()), One(A("only", "-0.001")), A(null, "", A()), One(A())],
        ];
        await AssertWrittenAlike(table, rows, text: ToLabForm);
    }

    [Fact]
    public async Task Keys_land_in_the_buckets_of_the_Java_client()
    {
        foreach (bool lake in new[] { true, false })
        {
            await AssertSameBuckets(LabTable.Unique("keys") with { Lake = lake }, main.Cluster);
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("iceberg")]
    public async Task Keys_land_in_the_buckets_of_the_Java_client_with_other_lakes_too(string lake)
    {
        using KitCluster cluster = KitCluster.Start(new KitOptions { Lake = lake });
        await AssertSameBuckets(LabTable.Unique("keys"), cluster);
    }

    [Fact]
    public async Task Arrow_batches_are_appended_row_by_row()
    {
        LabTable table = Create(LabTable.Unique("arrow") with { Columns = [new("id", "BIGINT NOT NULL"), new("text", "STRING"), new("number", "DOUBLE")], Buckets = 3, BucketKey = ["id"], Lake = false });
        using RecordBatch batch = Arrow(10_000, nullAt: -1);
        using RecordBatch damaged = Arrow(10, nullAt: 7);
        await using AppendWriter writer = await _client.OpenAppendWriterAsync(PathOf(table), new AppendWriterOptions { BufferMemory = 1 << 16, BatchBytes = 1 << 14 }, Token);
        await writer.AppendAsync(batch, Token);
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => writer.AppendAsync(damaged, Token).AsTask());
        Assert.Contains("Row 7 of the batch", refused.Message, StringComparison.Ordinal);
        Assert.Contains("column 'id'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(10_007, writer.RowsAppended);
        await writer.FlushAsync(Token);
        static string Text(int i) => $"{i} | {(i % 3 == 0 ? "NULL" : $"\"text {i}\"")} | {i / 2d:R} #{BitConverter.DoubleToInt64Bits(i / 2d):X16}";
        RowSet.AssertEqual([.. Enumerable.Range(0, 10_000).Select(Text), .. Enumerable.Range(0, 7).Select(Text)], Lab.Dump(table).Select(row => row.Text));

        static RecordBatch Arrow(int rows, int nullAt)
        {
            Int64Array.Builder ids = new();
            StringArray.Builder texts = new();
            DoubleArray.Builder numbers = new();
            for (int i = 0; i < rows; i++)
            {
                ids = i == nullAt ? ids.AppendNull() : ids.Append(i);
                texts = i % 3 == 0 ? texts.AppendNull() : texts.Append($"text {i}");
                numbers.Append(i / 2d);
            }

            return new RecordBatch.Builder().Append("id", true, ids.Build()).Append("text", true, texts.Build()).Append("number", true, numbers.Build()).Build();
        }
    }

    [Theory]
    [InlineData(WriteAcks.All, true)]
    [InlineData(WriteAcks.All, false)]
    [InlineData(WriteAcks.Leader, false)]
    [InlineData(WriteAcks.None, false)]
    public async Task Rows_arrive_with_every_kind_of_acknowledgement(WriteAcks acks, bool idempotence)
    {
        LabTable table = Create(LabTable.Unique("acks") with { Buckets = 3, Lake = false });
        AppendWriterOptions options = new() { Acks = acks, EnableIdempotence = idempotence, BatchBytes = 4096, BucketAssignment = BucketAssignment.RoundRobin };
        await using (AppendWriter writer = await _client.OpenAppendWriterAsync(PathOf(table), options, Token))
        {
            for (long i = 0; i < 5000; i++)
            {
                await writer.AppendAsync([i, $"status {i}", i / 4m], Token);
            }

            await writer.FlushAsync(Token);
            Assert.Equal(5000, writer.RowsAppended);
            Assert.Equal(5000, writer.RowsAcknowledged);
        }

        IReadOnlyList<DumpedRow> dump = Lab.Dump(table);
        Assert.Equal([1666, 1667, 1667], dump.GroupBy(row => row.Bucket).Select(bucket => bucket.Count()).Order());
        RowSet.AssertEqual(Enumerable.Range(0, 5000).Select(i => Row(i)), dump.Select(row => row.Text));
        foreach (IGrouping<int, DumpedRow> bucket in dump.GroupBy(row => row.Bucket))
        {
            long[] ids = [.. bucket.OrderBy(row => row.Offset).Select(row => long.Parse(row.Values[0], null))];
            Assert.Equal(ids.Order(), ids);
        }
    }

    [Fact]
    public async Task Unknown_partitions_are_created_by_the_first_of_their_rows()
    {
        LabTable table = Create(LabTable.Unique("parts") with
        {
            Columns = [new("id", "BIGINT NOT NULL"), new("day", "DATE"), new("country", "STRING")],
            PartitionedBy = ["day", "country"],
            Buckets = 2,
            BucketKey = ["id"],
        });
        static object?[] Values(int i) => [i, new DateOnly(2026, 8, 1 + (i % 3)), i % 2 == 0 ? "de" : "fr"];
        await using AppendWriter first = await _client.OpenAppendWriterAsync(PathOf(table), cancellationToken: Token);
        await using AppendWriter second = await _client.OpenAppendWriterAsync(PathOf(table), cancellationToken: Token);
        await Task.WhenAll(Append(first, 0), Append(second, 1000));

        async Task Append(AppendWriter writer, int from)
        {
            for (int i = from; i < from + 1000; i++)
            {
                await writer.AppendAsync(Values(i), Token);
            }

            await writer.FlushAsync(Token);
        }

        Assert.Equal(
            ["2026-08-01$de", "2026-08-01$fr", "2026-08-02$de", "2026-08-02$fr", "2026-08-03$de", "2026-08-03$fr"],
            (await _client.ListPartitionsAsync(PathOf(table), Token)).Select(partition => partition.Name).Order(StringComparer.Ordinal));
        RowSet.AssertEqual(
            Enumerable.Range(0, 2000).Select(i => $"{i} | 2026-08-{1 + (i % 3):00} | {(i % 2 == 0 ? "\"de\"" : "\"fr\"")}"), Lab.Dump(table).Select(row => row.Text));
    }

    [Fact]
    public async Task A_partition_that_may_not_be_created_is_named_and_one_that_was_dropped_ends_the_writer()
    {
        LabTable table = Create(LabTable.Unique("parts") with { Columns = [new("id", "BIGINT NOT NULL"), new("day", "STRING")], PartitionedBy = ["day"], Lake = false });
        Dictionary<string, string> values = new() { ["day"] = "monday" };
        await _client.CreatePartitionAsync(PathOf(table), values, cancellationToken: Token);
        await using AppendWriter writer = await _client.OpenAppendWriterAsync(PathOf(table), new AppendWriterOptions { CreatePartitions = false }, Token);
        await writer.AppendAsync([1, "monday"], Token);
        FlussException unknown = await Assert.ThrowsAsync<FlussException>(() => writer.AppendAsync([2, "tuesday"], Token).AsTask());
        Assert.Equal(FlussErrorCode.PartitionNotExists, unknown.Code);
        Assert.Contains("tuesday", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("CreatePartitions", unknown.Message, StringComparison.Ordinal);
        await writer.FlushAsync(Token);
        Assert.Equal(1, writer.RowsAcknowledged);

        await _client.DropPartitionAsync(PathOf(table), values, cancellationToken: Token);
        FlussException dropped = await Assert.ThrowsAsync<FlussException>(() => AppendUntilRefused(writer, 3, "monday"));
        Assert.Equal(FlussErrorCode.PartitionNotExists, dropped.Code);
        Assert.Contains("partition monday", dropped.Message, StringComparison.Ordinal);
        Assert.Contains("The partition was dropped.", dropped.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"Of {writer.RowsAppended} rows appended to the writer {writer.RowsAppended - 1} are acknowledged, 0 may be in the log or not, and 1 are not in it",
            dropped.Message,
            StringComparison.Ordinal);
        Assert.Same(dropped, await Assert.ThrowsAsync<FlussException>(() => writer.AppendAsync([4, "monday"], Token).AsTask()));
    }

    [Fact]
    public async Task A_writer_that_was_opened_before_a_column_was_added_goes_on_with_NULL_there()
    {
        LabTable table = Create(LabTable.Unique("evolved") with { Columns = [new("id", "BIGINT NOT NULL")], Lake = false });
        await using AppendWriter before = await _client.OpenAppendWriterAsync(PathOf(table), cancellationToken: Token);
        await before.AppendAsync([1], Token);
        await _client.AddColumnsAsync(PathOf(table), [new FlussColumn("note", FlussType.Parse("STRING"), 0)], Token);
        await before.AppendAsync([2], Token);
        await before.FlushAsync(Token);
        await using (AppendWriter after = await _client.OpenAppendWriterAsync(PathOf(table), cancellationToken: Token))
        {
            Assert.Equal(2, after.Table.Schema.SchemaId);
            await after.AppendAsync([3, "new"], Token);
        }

        await before.AppendAsync([4], Token);
        await before.FlushAsync(Token);
        LabTable now = table with { Columns = [.. table.Columns, new("note", "STRING")] };
        RowSet.AssertEqual(["1 | NULL", "2 | NULL", "3 | \"new\"", "4 | NULL"], Lab.Dump(now).Select(row => row.Text));
    }

    [Fact]
    public async Task A_table_that_was_dropped_ends_the_writer()
    {
        LabTable table = Create(LabTable.Unique("dropped") with { Lake = false });
        await using AppendWriter writer = await _client.OpenAppendWriterAsync(PathOf(table), cancellationToken: Token);
        await writer.AppendAsync([1, "one", 1m], Token);
        await writer.FlushAsync(Token);
        await _client.DropTableAsync(PathOf(table), cancellationToken: Token);
        FlussException dropped = await Assert.ThrowsAsync<FlussException>(() => AppendUntilRefused(writer, 2, "two", 2m));
        Assert.Equal(FlussErrorCode.TableNotExist, dropped.Code);
        Assert.Contains("The table was dropped.", dropped.Message, StringComparison.Ordinal);
        Assert.Contains(table.Path, dropped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_that_are_not_for_appending_are_refused_by_name()
    {
        LabTable keyed = Create(LabTable.Unique("keyed") with { PrimaryKey = ["id"], Lake = false });
        FlussException primaryKey = await Assert.ThrowsAsync<FlussException>(() => _client.OpenAppendWriterAsync(PathOf(keyed), cancellationToken: Token));
        Assert.Equal(FlussErrorCode.InvalidTable, primaryKey.Code);
        Assert.Contains(keyed.Path, primaryKey.Message, StringComparison.Ordinal);

        LabTable indexed = Create(LabTable.Unique("indexed") with { Lake = false, Properties = new Dictionary<string, string> { ["table.log.format"] = "INDEXED" } });
        FlussException format = await Assert.ThrowsAsync<FlussException>(() => _client.OpenAppendWriterAsync(PathOf(indexed), cancellationToken: Token));
        Assert.Equal(FlussErrorCode.UnsupportedVersion, format.Code);
        Assert.Contains("INDEXED", format.Message, StringComparison.Ordinal);

        Assert.Equal(
            FlussErrorCode.TableNotExist,
            (await Assert.ThrowsAsync<FlussException>(() => _client.OpenAppendWriterAsync(new TablePath("shop", "none"), cancellationToken: Token))).Code);
    }

    [Fact]
    public async Task Several_writers_with_random_rows_and_flushes_lose_and_double_nothing()
    {
        const int Seed = 20260801;
        LabTable table = Create(LabTable.Unique("random") with
        {
            Columns = [new("id", "BIGINT NOT NULL"), new("text", "STRING"), new("number", "DOUBLE"), new("list", "ARRAY<INT>")],
            Buckets = 4,
            BucketKey = ["id"],
            Lake = false,
        });
        List<string>[] expected = [[], [], []];
        await Task.WhenAll(Enumerable.Range(0, expected.Length).Select(Write));
        RowSet.AssertEqual(expected.SelectMany(rows => rows), Lab.Dump(table).Select(row => row.Text), $"Seed {Seed}: the rows");

        async Task Write(int number)
        {
            Random random = new(Seed + number);
            AppendWriterOptions options = new()
            {
                BatchBytes = random.Next(1024, 50_000),
                BufferMemory = 100_000,
                Linger = TimeSpan.FromMilliseconds(random.Next(0, 20)),
                MaxInFlightPerBucket = random.Next(1, 6),
                MaxRequestBytes = random.Next(1024, 100_000),
            };
            await using AppendWriter writer = await _client.OpenAppendWriterAsync(PathOf(table), options, Token);
            for (int i = 0; i < 3000; i++)
            {
                long id = ((long)number << 32) + i;
                string? text = random.Next(4) == 0 ? null : new string((char)('a' + random.Next(26)), random.Next(random.Next(1, 400)));
                int[]? list = random.Next(3) == 0 ? null : [.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next())];
                await writer.AppendAsync([id, text, null, list], Token);
                expected[number].Add($"{id} | {(text is null ? "NULL" : $"\"{text}\"")} | NULL | {(list is null ? "NULL" : $"[{string.Join(", ", list)}]")}");
                if (random.Next(300) == 0)
                {
                    await writer.FlushAsync(Token);
                    Assert.Equal(writer.RowsAppended, writer.RowsAcknowledged);
                }
            }
        }
    }

    internal static async Task AssertSameBuckets(LabTable shape, KitCluster cluster)
    {
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [cluster.Servers] });
        foreach ((string type, object[] keys) in new (string, object[])[]
        {
            ("INT", [.. Enumerable.Range(-20, 60).Cast<object>()]),
            ("BIGINT", [.. Enumerable.Range(-20, 60).Select(i => (object)(i * 1_000_000_007L))]),
            ("STRING", [.. Enumerable.Range(0, 60).Select(i => (object)new string((char)('a' + (i % 26)), i + 1))]),
            ("DATE", [.. Enumerable.Range(0, 40).Select(i => (object)$"20{i:00}-03-0{1 + (i % 9)}")]),
            ("DECIMAL(20,3)", [.. Enumerable.Range(-20, 60).Select(i => (object)$"{i * 1234567L}.{Math.Abs(i):000}")]),
            ("TIMESTAMP(6)", [.. Enumerable.Range(0, 40).Select(i => (object)$"20{i:00}-03-01T12:00:00.{i:000000}")]),
        })
        {
            LabTable table = shape with { Name = $"{shape.Name}_{type.Split('(')[0].ToUpperInvariant()}", Columns = [new("k", type)], Buckets = 7, BucketKey = ["k"] };
            LabTable ours = table with { Name = table.Name + "_ours" };
            cluster.Lab.CreateTable(table);
            cluster.Lab.CreateTable(ours);
            cluster.Lab.Append(table, keys.Select(key => new object?[] { key }));
            await using (AppendWriter writer = await client.OpenAppendWriterAsync(PathOf(ours), cancellationToken: Token))
            {
                foreach (object key in keys)
                {
                    await writer.AppendAsync([ClrValues.From(key, table.Columns[0].Type)], Token);
                }
            }

            static string[] Buckets(IReadOnlyList<DumpedRow> dump) => [.. dump.Select(row => $"{row.Text} in {row.Bucket}").Order(StringComparer.Ordinal)];
            Assert.Equal(Buckets(cluster.Lab.Dump(table)), Buckets(cluster.Lab.Dump(ours)));
        }
    }

    internal static TablePath PathOf(LabTable table) => new(table.Database, table.Name);

    // Servers hear of a drop a moment later, and take rows until then.
    private static async Task AppendUntilRefused(AppendWriter writer, params object?[] row)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(30))
        {
            await writer.AppendAsync(row, Token);
            await writer.FlushAsync(Token);
        }
    }

    private static string Row(int i) => $"{i} | \"status {i}\" | {i / 4m:0.00}";

    // Nanoseconds since 1970 are 64 bits wide.
    private static string FirstYear(int digits) => digits > 6 ? "1678" : "0001";

    private static string LastYear(int digits) => digits > 6 ? "2261" : "9999";

    private static string Fraction(string seconds, int digits) => digits == 0 ? seconds : $"{seconds}.{new string('9', digits)}";

    private static object? ToLabForm(object? value) => value is object?[] list ? new System.Text.Json.Nodes.JsonArray([.. list.Select(ToNode)]) : value;

    private static System.Text.Json.Nodes.JsonNode? ToNode(object? value) => value switch
    {
        null => null,
        object?[] list => new System.Text.Json.Nodes.JsonArray([.. list.Select(ToNode)]),
        string text => text,
        _ => System.Text.Json.Nodes.JsonValue.Create(Convert.ToInt64(value, null)),
    };

    // The same rows once by the Java client and once by ours, to two tables alike.
    private async Task AssertWrittenAlike(LabTable table, object?[][] rows, Func<object?, object?>? text = null)
    {
        LabTable ours = Create(table with { Name = table.Name + "_ours" });
        Lab.Append(table, rows.Select(row => row.Select(value => text is null ? value : text(value)).ToArray()));
        await using (AppendWriter writer = await _client.OpenAppendWriterAsync(PathOf(ours), cancellationToken: Token))
        {
            foreach (object?[] row in rows)
            {
                await writer.AppendAsync([.. row.Select((value, i) => ClrValues.From(value, table.Columns[i].Type))], Token);
            }
        }

        IReadOnlyList<DumpedRow> dump = Lab.Dump(ours);
        RowSet.AssertEqual(Lab.Dump(table).Select(row => row.Text), dump.Select(row => row.Text));
        Assert.Equal(rows.Length, dump.Count);
    }
}
