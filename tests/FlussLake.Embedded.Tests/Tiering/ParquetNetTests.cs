using Parquet;
using Parquet.Schema;

namespace FlussLake.Embedded.Tests.Tiering;

/// <summary>The data files of the lake, read by a Parquet library that is not ours.</summary>
public sealed class ParquetNetTests
{
    [Fact]
    public async Task Another_library_reads_the_same_values_and_finds_the_field_ids()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(
            ["id BIGINT NOT NULL", "number INT", "ratio DOUBLE", "text STRING", "amount DECIMAL(10,2)", "wide DECIMAL(30,3)", "flag BOOLEAN", "at TIMESTAMP(6)", "tags ARRAY<STRING>"]);
        await table.AppendAsync(Enumerable.Range(0, 5000).Select(i => (object?[])
            [(long)i, i % 3 == 0 ? null : i, i / 4.0, i % 7 == 0 ? null : $"text {i}", i + 0.25m, i * 1000m + 0.125m, i % 2 == 0, new DateTime(1969, 12, 31).AddSeconds(i), new[] { "a", null, $"{i}" }]));
        await table.Fluss.TierAsync(EmbeddedTable.Path, cancellationToken: TestContext.Current.CancellationToken);

        await using ParquetReader reader = await ParquetReader.CreateAsync(Directory.GetFiles(table.Fluss.LakeWarehouse, "*.parquet", SearchOption.AllDirectories).Single(), cancellationToken: TestContext.Current.CancellationToken);
        using ParquetRowGroupReader rows = reader.OpenRowGroupReader(0);

        Assert.Equal(5000, rows.RowCount);
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (long)i), await Required<long>(reader, rows, "id"));
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => i % 3 == 0 ? null : (int?)i), await Nullable<int>(reader, rows, "number"));
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (double?)(i / 4.0)), await Nullable<double>(reader, rows, "ratio"));
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (decimal?)(i + 0.25m)), await Nullable<decimal>(reader, rows, "amount"));
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (decimal?)(i * 1000m + 0.125m)), await Nullable<decimal>(reader, rows, "wide"));
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (bool?)(i % 2 == 0)), await Nullable<bool>(reader, rows, "flag"));
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (DateTime?)new DateTime(1969, 12, 31).AddSeconds(i)), await Nullable<DateTime>(reader, rows, "at"));
        string?[] texts = new string?[5000];
        await rows.ReadAsync(Field(reader, "text"), texts.AsMemory(), null, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => i % 7 == 0 ? null : $"text {i}"), texts);
        Assert.Equal(15000, rows.GetMetadata(Field(reader, "tags/list/element"))!.MetaData!.NumValues);

        // Ids count the columns, also those of lists; what lies inside of a list is derived from its id.
        Assert.Equal(
            [("id", 0), ("number", 1), ("ratio", 2), ("text", 3), ("amount", 4), ("wide", 5), ("flag", 6), ("at", 7), ("tags", 8)],
            reader.Metadata!.Schema.Where(element => element.FieldId is < 9).Select(element => (element.Name, element.FieldId!.Value)));
    }

    private static DataField Field(ParquetReader reader, string path) => reader.Schema.DataFields.Single(field => field.Path.ToString() == path);

    private static async Task<T[]> Required<T>(ParquetReader reader, ParquetRowGroupReader rows, string column)
        where T : struct
    {
        T[] values = new T[rows.RowCount];
        await rows.ReadAsync<T>(Field(reader, column), values.AsMemory(), null, TestContext.Current.CancellationToken);
        return values;
    }

    private static async Task<T?[]> Nullable<T>(ParquetReader reader, ParquetRowGroupReader rows, string column)
        where T : struct
    {
        T?[] values = new T?[rows.RowCount];
        await rows.ReadAsync<T>(Field(reader, column), values.AsMemory(), null, TestContext.Current.CancellationToken);
        return values;
    }
}
