namespace FlussLake.Data;

/// <summary>Which halves of a table a read needs.</summary>
public enum UnionReadMode
{
    /// <summary>The lake where it has a readable snapshot, and the log after it; otherwise the log alone.</summary>
    Auto,

    /// <summary>As <see cref="Auto"/>, but a table without a readable lake snapshot is an error.</summary>
    Required,
}
