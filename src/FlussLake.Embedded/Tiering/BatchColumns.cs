using FlussLake.Client;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;
using FlussLake.Lake;

namespace FlussLake.Embedded.Tiering;

/// <summary>How the batches of one version of a Fluss table's schema fit into the lake table's columns.</summary>
internal sealed class BatchColumns
{
    private const int Absent = -1;

    private BatchColumns(BatchLayout layout, int[] sources, int[] partitionKeys)
    {
        Layout = layout;
        Sources = sources;
        PartitionKeys = partitionKeys;
    }

    public BatchLayout Layout { get; }

    /// <summary>For each lake column the position of the batch's column; negative where the batch has none.</summary>
    public int[] Sources { get; }

    /// <summary>The positions of the partition keys in the batch.</summary>
    public int[] PartitionKeys { get; }

    /// <exception cref="FlussException"><see cref="FlussErrorCode.InvalidTable"/>: a column is not in the lake, or has another type there.</exception>
    public static BatchColumns Create(TablePath table, LogFormat format, string root, LakeSchema lake, TableSchema batch)
    {
        int[] sources = new int[lake.Fields.Count];
        for (int i = 0; i < sources.Length; i++)
        {
            LakeField field = lake.Fields[i];
            sources[i] = Position(batch, field.Name);
            if (sources[i] == Absent && !field.IsNullable)
            {
                throw TieringErrors.TableNotSupported(root, $"its column '{field.Name}' is NOT NULL, and version {batch.SchemaId} of table {table} has no such column");
            }
        }

        foreach (FlussColumn column in batch.Columns)
        {
            LakeField field = lake.Fields.FirstOrDefault(field => field.Name == column.Name) ?? throw TieringErrors.ColumnMissing(table, column.Name, root);
            if (SystemColumns.Contains(column.Name))
            {
                throw TieringErrors.SystemColumn(table, column.Name);
            }

            if (!PaimonTypeMatch.Holds(field, column.Type))
            {
                throw TieringErrors.ColumnDiffers(table, column.Name, column.Type, field.Type);
            }
        }

        int[] keys = [.. lake.PartitionKeys.Select(key => Position(batch, key))];
        return Array.TrueForAll(keys, key => key != Absent)
            ? new BatchColumns(BatchLayout.Create(table, batch.Columns, [.. Enumerable.Range(0, batch.Columns.Count)], format), sources, keys)
            : throw TieringErrors.TableNotSupported(root, $"its partition keys ({string.Join(", ", lake.PartitionKeys)}) are not all columns of table {table}");
    }

    private static int Position(TableSchema batch, string column)
    {
        for (int i = 0; i < batch.Columns.Count; i++)
        {
            if (batch.Columns[i].Name == column)
            {
                return i;
            }
        }

        return Absent;
    }
}
