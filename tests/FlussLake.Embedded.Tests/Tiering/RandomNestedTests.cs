using System.Globalization;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.Tiering;
using FlussLake.Lake;

namespace FlussLake.Embedded.Tests.Tiering;

/// <summary>Nested values of any shape, with NULLs and empty lists at every depth: what DuckDB reads from the files is what was written.</summary>
public sealed class RandomNestedTests(ITestOutputHelper output)
{
    private const int Columns = 6;
    private const int BatchCount = 4;
    private const int MostRows = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public Task Nested_values_are_read_as_they_were_written(int seed) => RunAsync(seed);

    [Fact]
    public Task So_are_values_that_nobody_has_tried_before() => RunAsync(Random.Shared.Next());

    private async Task RunAsync(int seed)
    {
        output.WriteLine($"Seed {seed}.");
        Random random = new(seed);
        using Warehouse warehouse = new();
        FlussType[] types = [.. Enumerable.Range(0, Columns).Select(_ => Type(random, random.Next(1, 5)))];
        TableInfo table = Batches.Table(1, [], [], [.. types.Select((type, i) => ($"c{i}", type))]);
        warehouse.Catalog.CreateTable(table);
        List<string> expected = [];
        using (PaimonTieringRound round = warehouse.Begin(table))
        {
            for (int batch = 0; batch < BatchCount; batch++)
            {
                object?[][] rows = [.. Enumerable.Range(0, random.Next(1, MostRows)).Select(_ => types.Select(type => Value(random, type)).ToArray())];
                round.Write(table, 0, expected.Count, rows);
                expected.AddRange(rows.Select(row => string.Join('|', row.Select((value, i) => Text(types[i], value)))));
            }

            round.Commit(Warehouse.NoProperties);
        }

        LakeScan scan = await warehouse.PlanAsync(table.Path, 1);
        Assert.Equal(expected, Warehouse.Query($"SELECT COLUMNS('c[0-9]+') FROM read_parquet('{scan.Files.Single().Path}') ORDER BY __offset"));
    }

    private static FlussType Type(Random random, int depth) => (depth == 0 ? 0 : random.Next(4)) switch
    {
        0 => new FlussType(FlussTypeKind.Int) { IsNullable = random.Next(3) > 0 },
        1 => new FlussType(FlussTypeKind.Array) { IsNullable = random.Next(3) > 0, Element = Type(random, depth - 1) },
        2 => new FlussType(FlussTypeKind.Map) { IsNullable = random.Next(3) > 0, Key = new FlussType(FlussTypeKind.Int) { IsNullable = false }, Value = Type(random, depth - 1) },
        _ => new FlussType(FlussTypeKind.Row)
        {
            IsNullable = random.Next(3) > 0,
            Fields = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => new FlussField($"f{i}", Type(random, depth - 1), -1))],
        },
    };

    private static object? Value(Random random, FlussType type) => type.IsNullable && random.Next(4) == 0 ? null : type.Kind switch
    {
        FlussTypeKind.Int => random.Next(-99, 100),
        FlussTypeKind.Array => Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, type.Element!)).ToArray(),
        FlussTypeKind.Map => Enumerable.Range(0, random.Next(4)).ToDictionary(key => (object)key, _ => Value(random, type.Value!)),
        _ => type.Fields.Select(field => Value(random, field.Type)).ToArray(),
    };

    /// <summary>A value as DuckDB writes it.</summary>
    private static string Text(FlussType type, object? value) => value switch
    {
        null => "NULL",
        int number => number.ToString(CultureInfo.InvariantCulture),
        Dictionary<object, object?> map => $"{{{string.Join(", ", map.Select(entry => $"{entry.Key}={Text(type.Value!, entry.Value)}"))}}}",
        object?[] list when type.Kind == FlussTypeKind.Array => $"[{string.Join(", ", list.Select(item => Text(type.Element!, item)))}]",
        object?[] row => $"{{{string.Join(", ", row.Select((item, i) => $"'f{i}': {Text(type.Fields[i].Type, item)}"))}}}",
        _ => throw new ArgumentException($"{value.GetType()} is no value of these tests."),
    };
}
