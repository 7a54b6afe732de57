namespace FlussLake.Client.Log.Arrow;

/// <summary>Which buffers an Arrow field has besides its validity bits.</summary>
internal enum ColumnShape
{
    /// <summary>One bit a slot.</summary>
    Bits,

    /// <summary>A fixed number of bytes a slot.</summary>
    FixedWidth,

    /// <summary>32-bit offsets and bytes.</summary>
    VariableWidth,

    /// <summary>32-bit offsets and one child.</summary>
    List,

    /// <summary>Children alone.</summary>
    Struct,
}
