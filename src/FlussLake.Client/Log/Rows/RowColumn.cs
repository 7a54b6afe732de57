namespace FlussLake.Client.Log.Rows;

/// <summary>What is known of one column of the batch that is decoded now: after the first pass how much there is of it, in the second where it goes.</summary>
internal unsafe struct RowColumn
{
    /// <summary>The slots that were counted.</summary>
    public long Length;

    /// <summary>How many of them are null.</summary>
    public long Nulls;

    /// <summary>The bytes of variable values, or the elements of lists, that were counted.</summary>
    public long Items;

    /// <summary>The validity bits; null where nothing is null.</summary>
    public byte* Validity;

    /// <summary>The offsets of variable values and lists; otherwise null.</summary>
    public int* Offsets;

    public byte* Data;

    /// <summary>The slot that is filled next.</summary>
    public long Next;

    /// <summary>The bytes or elements that were filled.</summary>
    public int Filled;
}
