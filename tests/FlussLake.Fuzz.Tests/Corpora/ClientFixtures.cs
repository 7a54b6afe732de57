using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Client.Tests.Log;

namespace FlussLake.Fuzz.Tests.Corpora;

/// <summary>Golden log batches, and how each log's are laid out.</summary>
internal static class ClientFixtures
{
    private static readonly (string Log, string Rows)[] s_logs =
    [
        ("scalars_zstd", "scalars"), ("scalars_lz4", "scalars"), ("scalars_none", "scalars"), ("generated_zstd", "generated"), ("generated_lz4", "generated"),
        ("generated_none", "generated"), ("nested_zstd", "nested"), ("nested_lz4", "nested"), ("nested_none", "nested"), ("before_1970", "before_1970"), ("changelog_zstd", "changelog"),
    ];

    /// <summary>The layouts that golden batches have.</summary>
    public static BatchLayout[] Layouts { get; } = [.. Schemas().Select(static columns => Layout(columns))];

    /// <summary>The batches of logs whose names contain a text.</summary>
    public static List<byte[]> Batches(string containing = "") =>
        [.. s_logs.Where(log => log.Log.Contains(containing, StringComparison.Ordinal)).SelectMany(static log => BatchFixture.Split(BatchFixture.ReadLog(log.Log)))];

    public static List<FlussColumn[]> Schemas() => [.. s_logs.Select(static log => log.Rows).Distinct().Select(static rows => BatchFixture.Load("generated_none", rows).Columns)];

    private static BatchLayout Layout(FlussColumn[] columns) => BatchLayout.Create(BatchFixture.Table, columns, [.. Enumerable.Range(0, columns.Length)]);
}
