using System.Text.Json;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Tests.Log;

/// <summary>
/// Log batches as a Fluss 0.9.1 server stores or answers them, and the rows that the Java client reads from them (for <c>before_1970</c>, which it cannot read: the rows
/// that were written).
/// </summary>
internal sealed class BatchFixture
{
    private BatchFixture(byte[] log, FlussColumn[] columns, JsonElement[][] rows, string[] changes)
    {
        Log = log;
        Columns = columns;
        Rows = rows;
        Changes = changes;
    }

    public static TablePath Table { get; } = new("d", "t");

    /// <summary>The batches, one after another.</summary>
    public byte[] Log { get; }

    public FlussColumn[] Columns { get; }

    /// <summary>The rows of all batches.</summary>
    public JsonElement[][] Rows { get; }

    /// <summary>The change types of all batches; empty for a log table.</summary>
    public string[] Changes { get; }

    public static BatchFixture Load(string log, string rows)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Fixtures");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, rows + ".json")));
        JsonElement root = json.RootElement.Clone();
        FlussColumn[] columns = [.. root.GetProperty("columns").EnumerateArray().Select((column, i) => new FlussColumn(column[0].GetString()!, TypeText.Parse(column[1].GetString()!), i))];
        JsonElement[][] values = [.. root.GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().ToArray())];
        string[] changes = root.TryGetProperty("changes", out JsonElement symbols) ? [.. symbols.EnumerateArray().Select(symbol => symbol.GetString()!)] : [];
        return new BatchFixture(ReadLog(log), columns, values, changes);
    }

    public static byte[] ReadLog(string log) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", log + ".log"));

    /// <summary>Cuts a log into its batches.</summary>
    public static List<byte[]> Split(byte[] log)
    {
        List<byte[]> batches = [];
        for (int at = 0; at < log.Length;)
        {
            Assert.True(LogBatchHeader.TryRead(log.AsSpan(at), out LogBatchHeader header));
            batches.Add(log[at..(at + header.SizeInBytes)]);
            at += header.SizeInBytes;
        }

        return batches;
    }

    public static LogBatchHeader Header(byte[] batch)
    {
        Assert.True(LogBatchHeader.TryRead(batch, out LogBatchHeader header));
        return header;
    }

    public BatchLayout Layout(LogFormat format = LogFormat.Arrow) => BatchLayout.Create(Table, Columns, [.. Enumerable.Range(0, Columns.Length)], format);

    /// <summary>The expected text of a column's values from <paramref name="first"/> on.</summary>
    public string[] Expected(int column, int first, int count, LogFormat format = LogFormat.Arrow) =>
        [.. Rows.Skip(first).Take(count).Select(row => ValueText.Of(row[column], StoredTypes.Of(format, Columns[column].Type)))];

    /// <summary>The text of every value of a decoded column.</summary>
    public static string[] Read(in DecodedColumn column)
    {
        string[] values = new string[column.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ValueText.Of(column, i);
        }

        return values;
    }
}
