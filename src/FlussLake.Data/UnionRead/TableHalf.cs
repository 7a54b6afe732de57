namespace FlussLake.Data.UnionRead;

/// <summary>Which part of a table a reference asks for.</summary>
internal enum TableHalf
{
    /// <summary>The lake snapshot and the log after it.</summary>
    Both,

    /// <summary>The lake snapshot alone: <c>table$lake</c>.</summary>
    Lake,

    /// <summary>The log after the lake snapshot alone: <c>table$log</c>.</summary>
    Log,
}
