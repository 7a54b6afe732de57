using FlussLake.Client.Metadata;

namespace FlussLake.Data.UnionRead.Partitions;

/// <summary>A partition key of a Fluss table.</summary>
/// <param name="Position">The column's position in the table's schema.</param>
/// <param name="Column">The column.</param>
internal sealed record PartitionKeyColumn(int Position, FlussColumn Column)
{
    /// <summary>The partition keys of a table, in their order; none for a table without partitions.</summary>
    public static PartitionKeyColumn[] Of(TableInfo table) =>
    [
        .. table.PartitionKeys.Select(key =>
        {
            int position = table.Schema.Columns.Select(column => column.Name).ToList().IndexOf(key);
            return position >= 0 ? new PartitionKeyColumn(position, table.Schema.Columns[position]) : throw new FlussLakeException(Messages.NoPartitionColumn(table.Path, key));
        }),
    ];
}
