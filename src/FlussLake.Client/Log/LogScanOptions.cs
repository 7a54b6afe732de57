using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Log;

/// <summary>What a log scan reads.</summary>
public sealed record LogScanOptions
{
    /// <summary>The table.</summary>
    public required TableInfo Table { get; init; }

    /// <summary>The ranges, each bucket at most once.</summary>
    public required IReadOnlyList<LogRange> Ranges { get; init; }

    /// <summary>
    /// The columns that the server sends, as strictly ascending positions in the schema of the table, at least one; or null for whole batches. The positions must exist in
    /// the schema of every batch that is read, and the table's log format must be ARROW.
    /// </summary>
    public IReadOnlyList<int>? ProjectedColumns { get; init; }

    /// <summary>The budget that read-ahead is taken from; the process-wide one unless set.</summary>
    public FetchMemory Memory { get; init; } = FetchMemory.Shared;

    /// <exception cref="ArgumentException">A range or the projection is not valid.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Table);
        ArgumentNullException.ThrowIfNull(Ranges);
        ArgumentNullException.ThrowIfNull(Memory);
        HashSet<TableBucket> seen = [];
        foreach (LogRange range in Ranges)
        {
            if (range.Bucket.TableId != Table.TableId || range.Bucket.Bucket < 0 || range.Start < LogRange.Earliest || range.Start == -1 || !seen.Add(range.Bucket))
            {
                throw new ArgumentException($"The range {range} is of another table, starts nowhere, or is the second one of its bucket.", nameof(Ranges));
            }
        }

        if (ProjectedColumns is { } columns)
        {
            if (columns.Count == 0)
            {
                throw new ArgumentException("ProjectedColumns is empty: name at least one column, or null for all.", nameof(ProjectedColumns));
            }

            if (LogFormats.Of(Table) != LogFormat.Arrow)
            {
                throw new ArgumentException(
                    $"Table {Table.Path} has another log format than ARROW ({PropertyKeys.LogFormat}): servers send its batches whole. Set ProjectedColumns to null.", nameof(ProjectedColumns));
            }

            int last = -1;
            foreach (int column in columns)
            {
                if (column <= last || column >= Table.Schema.Columns.Count)
                {
                    throw new ArgumentException($"ProjectedColumns is not ascending, or table {Table.Path} has no column {column}.", nameof(ProjectedColumns));
                }

                last = column;
            }
        }
    }
}
