using System.Globalization;

namespace QuickStart;

/// <summary>Prints what was done and what came out.</summary>
internal static class Report
{
    public static void Step(string text) => Console.WriteLine($"• {text}");

    /// <summary>Prints a statement and its rows, a line each, numbers to the right.</summary>
    public static void Table<T>(string sql, IEnumerable<T> rows)
    {
        System.Reflection.PropertyInfo[] columns = typeof(T).GetProperties();
        List<string[]> lines = [[.. columns.Select(column => column.Name.ToLowerInvariant())]];
        lines.AddRange(rows.Select(row => columns.Select(column => string.Create(CultureInfo.InvariantCulture, $"{column.GetValue(row)}")).ToArray()));
        int[] widths = [.. columns.Select((_, i) => lines.Max(line => line[i].Length))];

        Console.WriteLine();
        Console.WriteLine(sql);
        Console.WriteLine();
        foreach (string[] line in lines)
        {
            Console.WriteLine("  " + string.Join("   ", line.Select((text, i) => columns[i].PropertyType == typeof(string) ? text.PadRight(widths[i]) : text.PadLeft(widths[i]))).TrimEnd());
        }
    }
}
