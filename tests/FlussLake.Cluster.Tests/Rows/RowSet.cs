using System.Data.Common;
using System.Text;
using FlussLake.Client.Metadata;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests.Rows;

/// <summary>Rows in canonical form, compared as a multiset: Fluss has no order across buckets.</summary>
internal static class RowSet
{
    private const int Shown = 5;

    /// <summary>All rows of a reader, which has the given columns in this order.</summary>
    public static List<string> Read(DbDataReader reader, IReadOnlyList<FlussType> types)
    {
        if (reader.FieldCount != types.Count)
        {
            throw new InvalidOperationException($"The reader has {reader.FieldCount} columns, expected {types.Count}.");
        }

        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(Canonical.Row(types.Select((type, i) => Canonical.FromReader(reader.IsDBNull(i) ? null : reader.GetValue(i), type))));
        }

        return rows;
    }

    /// <summary>The select list that lets <see cref="Read"/> see every digit: columns that GetValue cannot hold are read as text.</summary>
    public static string SelectList(LabTable table) => string.Join(", ", table.Columns.Select(column =>
        column.Type.Kind == FlussTypeKind.Decimal && column.Type.Precision > 28 || column.Type.Kind == FlussTypeKind.Timestamp && column.Type.Precision > 6
            ? $"CAST({Quote(column.Name)} AS VARCHAR)"
            : Quote(column.Name)));

    public static string Quote(string identifier) => "\"" + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>Fails with the first few rows that are missing or too many.</summary>
    public static void AssertEqual(IEnumerable<string> expected, IEnumerable<string> actual, string what = "The rows")
    {
        if (Difference(expected, actual) is { } difference)
        {
            Assert.Fail($"{what} differ: {difference}");
        }
    }

    /// <summary>What is missing from <paramref name="actual"/> and what is too many in it, or null where both hold the same rows.</summary>
    public static string? Difference(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        Dictionary<string, int> surplus = new(StringComparer.Ordinal);
        int expectedCount = 0;
        int actualCount = 0;
        foreach (string row in expected)
        {
            expectedCount++;
            surplus[row] = surplus.GetValueOrDefault(row) - 1;
        }

        foreach (string row in actual)
        {
            actualCount++;
            surplus[row] = surplus.GetValueOrDefault(row) + 1;
        }

        if (surplus.Values.All(count => count == 0))
        {
            return null;
        }

        StringBuilder text = new($"{expectedCount} rows expected, {actualCount} found.");
        Describe(text, "missing", surplus.Where(entry => entry.Value < 0).Select(entry => (entry.Key, -entry.Value)));
        Describe(text, "too many", surplus.Where(entry => entry.Value > 0).Select(entry => (entry.Key, entry.Value)));
        return text.ToString();
    }

    private static void Describe(StringBuilder text, string what, IEnumerable<(string Row, int Count)> rows)
    {
        (string Row, int Count)[] all = [.. rows.OrderBy(row => row.Row, StringComparer.Ordinal)];
        if (all.Length == 0)
        {
            return;
        }

        text.Append($"\n{all.Sum(row => (long)row.Count)} {what}:");
        foreach ((string row, int count) in all.Take(Shown))
        {
            text.Append($"\n  {(count == 1 ? "" : $"{count} x ")}{row}");
        }

        if (all.Length > Shown)
        {
            text.Append($"\n  and {all.Length - Shown} different rows more");
        }
    }
}
