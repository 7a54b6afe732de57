using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Log.Arrow;

/// <summary>
/// How the record batches of one schema version, or of one projection of it, are laid out, and which of their columns are wanted. Immutable; made once for many batches.
/// </summary>
internal sealed class BatchLayout
{
    private BatchLayout(TablePath table, LogFormat format, ColumnLayout[] wanted, int nodeCount, int bufferCount, RowFields? rows)
    {
        Table = table;
        Format = format;
        Wanted = wanted;
        NodeCount = nodeCount;
        BufferCount = bufferCount;
        Rows = rows;
    }

    /// <summary>The table, for messages.</summary>
    public TablePath Table { get; }

    /// <summary>How the batches hold their records.</summary>
    public LogFormat Format { get; }

    /// <summary>The fields of the batches' rows; null for <see cref="LogFormat.Arrow"/>.</summary>
    public RowFields? Rows { get; }

    /// <summary>The wanted columns in the order in which they are wanted.</summary>
    public ColumnLayout[] Wanted { get; }

    /// <summary>The number of nodes of a batch, wanted or not.</summary>
    public int NodeCount { get; }

    /// <summary>The number of buffers of a batch, wanted or not.</summary>
    public int BufferCount { get; }

    /// <summary>Lays out the batches of a schema version or projection.</summary>
    /// <param name="table">The table, for messages.</param>
    /// <param name="physical">The columns that are in the batches: all of the schema version's, or those that the server was asked for, in ascending order.</param>
    /// <param name="wanted">The positions in <paramref name="physical"/> of the columns to decode, in any order, each once; none to get row counts alone.</param>
    /// <param name="format">How the batches hold their records. Of another format than ARROW, columns are decoded to the types that <see cref="StoredTypes"/> names.</param>
    /// <returns>The layout.</returns>
    /// <exception cref="ArgumentException">A wanted position is not there, or is given twice.</exception>
    public static BatchLayout Create(TablePath table, IReadOnlyList<FlussColumn> physical, IReadOnlyList<int> wanted, LogFormat format = LogFormat.Arrow)
    {
        int nodes = 0;
        int buffers = 0;
        ColumnLayout?[] all = new ColumnLayout?[physical.Count];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = ColumnLayout.Create(physical[i].Name, StoredTypes.Of(format, physical[i].Type), ref nodes, ref buffers);
        }

        ColumnLayout[] chosen = new ColumnLayout[wanted.Count];
        for (int i = 0; i < chosen.Length; i++)
        {
            int position = wanted[i];
            chosen[i] = (uint)position < (uint)all.Length && all[position] is { } column
                ? column
                : throw new ArgumentException($"Column {position} is not one of the {all.Length} columns, or is wanted twice.", nameof(wanted));
            all[position] = null;
        }

        RowFields? rows = format == LogFormat.Arrow
            ? null
            : new RowFields([.. physical.Select(column => RowField.Create(column.Name, column.Type, Array.Find(chosen, layout => layout.Path == column.Name)))]);
        return new BatchLayout(table, format, chosen, nodes, buffers, rows);
    }
}
