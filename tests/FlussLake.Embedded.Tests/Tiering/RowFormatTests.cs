using System.Buffers.Binary;
using System.Data.SqlTypes;
using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;
using FlussLake.Client.Tests.Log.Rows;
using FlussLake.Embedded.Tiering;

namespace FlussLake.Embedded.Tests.Tiering;

/// <summary>Logs of rows become the lake tables that logs of Arrow batches become.</summary>
public sealed class RowFormatTests : IDisposable
{
    private static readonly object?[][] s_rows =
    [
        [1, "one", new byte[] { 1, 2, 3, 4 }, new FlussTimestamp(-62_000, 0), new FlussTimestamp(-1, 999_999), new TimeOnly(12, 34, 56), SqlDecimal.Parse("-12345678901234567890.50"), new object?[] { "a", null, "a longer text" }],
        [2, null, null, null, null, null, null, null],
        [3, "", new byte[] { 9, 9, 9, 9 }, new FlussTimestamp(86_400_000, 0), new FlussTimestamp(0, 1000), new TimeOnly(0), SqlDecimal.Parse("0.01"), Array.Empty<object?>()],
    ];

    private readonly Warehouse _warehouse = new();

    public void Dispose() => _warehouse.Dispose();

    [Theory]
    [InlineData("INDEXED")]
    [InlineData("COMPACTED")]
    public async Task The_lake_has_the_rows_that_Arrow_batches_give_it(string format)
    {
        TableInfo arrow = Table(new TablePath("d", "arrow"), "ARROW");
        _warehouse.Catalog.CreateTable(arrow);
        _warehouse.Tier(arrow, 0, 5, s_rows);

        TableInfo rows = Table(new TablePath("d", "rows"), format);
        _warehouse.Catalog.CreateTable(rows);
        using (PaimonTieringRound round = _warehouse.Begin(rows))
        {
            byte[] batch = Encode(rows, format == "INDEXED" ? LogFormat.Indexed : LogFormat.Compacted);
            Assert.True(LogBatchHeader.TryRead(batch, out LogBatchHeader header));
            round.Write(new TableBucket(rows.TableId, null, 0), null, rows.Schema, header, batch, 0, s_rows.Length);
            Assert.Equal(1, round.Commit(Warehouse.NoProperties));
        }

        List<string> lake = Warehouse.Rows(await _warehouse.PlanAsync(rows.Path, 1));
        Assert.Equal(3, lake.Count);
        Assert.Equal(Warehouse.Rows(await _warehouse.PlanAsync(arrow.Path, 1)), lake);
    }

    [Fact]
    public void A_batch_of_rows_that_is_not_append_only_is_refused()
    {
        TableInfo table = Table(new TablePath("d", "rows"), "INDEXED");
        _warehouse.Catalog.CreateTable(table);
        byte[] batch = Encode(table, LogFormat.Indexed);
        batch[27] = 0;
        Assert.True(LogBatchHeader.TryRead(batch, out LogBatchHeader header));
        using PaimonTieringRound round = _warehouse.Begin(table);
        FlussException refusal = Assert.Throws<FlussException>(() => round.Write(new TableBucket(table.TableId, null, 0), null, table.Schema, header, batch, 0, s_rows.Length));
        Assert.Contains("d.rows", refusal.Message, StringComparison.Ordinal);
    }

    private static TableInfo Table(TablePath path, string format)
    {
        TableInfo table = Batches.Table(
            1, [], [],
            ("id", FlussType.Parse("INT NOT NULL")), ("s", FlussType.Parse("STRING")), ("raw", FlussType.Parse("BINARY(4)")), ("t0", FlussType.Parse("TIMESTAMP(0)")),
            ("t6", FlussType.Parse("TIMESTAMP(6)")), ("time", FlussType.Parse("TIME(6)")), ("wide", FlussType.Parse("DECIMAL(22, 2)")), ("list", FlussType.Parse("ARRAY<STRING>")));
        return table with { Path = path, Properties = new Dictionary<string, string>(table.Properties) { ["table.log.format"] = format } };
    }

    private static byte[] Encode(TableInfo table, LogFormat format)
    {
        RowEncoder encoder = new(format);
        FlussType[] types = [.. table.Schema.Columns.Select(column => column.Type)];
        byte[] batch = RowBatches.Of([.. s_rows.Select(row => encoder.Row(types, row))]);
        BinaryPrimitives.WriteInt64LittleEndian(batch, 5);
        BinaryPrimitives.WriteInt64LittleEndian(batch.AsSpan(13), Batches.CommitTime.ToUnixTimeMilliseconds());
        return batch;
    }
}
