namespace FlussLake.Data.BulkCopy;

/// <summary>Where the rows of a copy come from, one at a time.</summary>
internal abstract class RowSource
{
    /// <summary>The names of the columns.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>A column, by its position in <see cref="Names"/>.</summary>
    public abstract SourceColumn Column(int ordinal);

    /// <summary>Whether the current row is no row, but null.</summary>
    public virtual bool IsNull => false;

    /// <summary>Goes to the next row; false where there is none.</summary>
    public abstract ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken);
}
