using FlussLake.Client;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.DuckDb;

/// <summary>How the wanted columns lie in the batches of one schema.</summary>
internal sealed class LogProjection
{
    private readonly Dictionary<int, int> _decodedOf;

    private LogProjection(BatchLayout layout, Dictionary<int, int> decodedOf, LogFunctionInstance instance)
    {
        Layout = layout;
        _decodedOf = decodedOf;
        Schemas = [.. layout.Wanted.Select(column => instance.Schema(column.Type))];
    }

    /// <summary>What the decoder needs to know.</summary>
    public BatchLayout Layout { get; }

    /// <summary>For each decoded column, how DuckDB is told of its buffers.</summary>
    public IReadOnlyList<NativeSchema> Schemas { get; }

    /// <summary>The index of a table column among the decoded ones, or -1 where the batches' schema does not have it yet: its values are NULL.</summary>
    public int DecodedIndex(int position) => _decodedOf.GetValueOrDefault(position, -1);

    /// <summary>Batches that hold every column of their own schema: columns are found by id.</summary>
    public static LogProjection OfWholeBatch(TablePath table, LogFormat format, TableSchema current, TableSchema schema, IReadOnlyList<int> wanted, LogFunctionInstance instance)
    {
        Dictionary<int, int> physicalOf = schema.Columns.Select((column, position) => (column.Id, position)).ToDictionary(pair => pair.Id, pair => pair.position);
        (int Position, int Physical)[] found =
        [
            .. wanted.Where(position => physicalOf.ContainsKey(current.Columns[position].Id))
                .Select(position => (position, physicalOf[current.Columns[position].Id])),
        ];
        return new LogProjection(
            BatchLayout.Create(table, schema.Columns, [.. found.Select(pair => pair.Physical)], format),
            found.Select((pair, index) => (pair.Position, index)).ToDictionary(pair => pair.Position, pair => pair.index),
            instance);
    }

    /// <summary>Batches that the server has cut down to some positions, which it applied to each batch's own schema.</summary>
    /// <exception cref="FlussLakeException">A position is another column in the batches' schema.</exception>
    public static LogProjection OfPushedColumns(TablePath table, TableSchema current, TableSchema schema, IReadOnlyList<int> pushed, LogFunctionInstance instance)
    {
        foreach (int position in pushed)
        {
            if (position >= schema.Columns.Count || schema.Columns[position].Id != current.Columns[position].Id)
            {
                throw new FlussLakeException(Messages.UnknownSchema(table, schema.SchemaId, current.Columns[position].Name));
            }
        }

        return new LogProjection(
            BatchLayout.Create(table, [.. pushed.Select(position => schema.Columns[position])], [.. Enumerable.Range(0, pushed.Count)]),
            pushed.Select((position, index) => (position, index)).ToDictionary(pair => pair.position, pair => pair.index),
            instance);
    }
}
