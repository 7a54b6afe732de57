namespace FlussLake.Client.Write.ArrowRows;

/// <summary>The entries of one MAP.</summary>
internal sealed class ArrowEntries(ArrowColumn keys, ArrowColumn values) : ArrowCells
{
    /// <summary>The index of the first entry.</summary>
    public int Start { get; set; }

    protected override ArrowColumn At(int column, out int index)
    {
        index = Start + (column / 2);
        return (column & 1) == 0 ? keys : values;
    }
}
