namespace FlussLake.Client.Write.ArrowRows;

/// <summary>The fields of one ROW.</summary>
internal sealed class ArrowFields(ArrowColumn[] fields) : ArrowCells
{
    /// <summary>The index of the row in each of the fields.</summary>
    public int Index { get; set; }

    protected override ArrowColumn At(int column, out int index)
    {
        index = Index;
        return fields[column];
    }
}
