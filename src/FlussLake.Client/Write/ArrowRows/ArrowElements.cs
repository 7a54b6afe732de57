namespace FlussLake.Client.Write.ArrowRows;

/// <summary>The elements of one ARRAY.</summary>
internal sealed class ArrowElements(ArrowColumn elements) : ArrowCells
{
    /// <summary>The index of the first element.</summary>
    public int Start { get; set; }

    protected override ArrowColumn At(int column, out int index)
    {
        index = Start + column;
        return elements;
    }
}
