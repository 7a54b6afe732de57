namespace FlussLake.Client.Log.Rows;

/// <summary>The fields of a row in order, and what follows from all of them. Immutable.</summary>
internal sealed class RowFields
{
    public RowFields(RowField[] fields)
    {
        All = fields;
        NullBits = (fields.Length + 7) / 8;
        Lengths = fields.Count(static field => field.IndexedWidth < 0) * sizeof(int);
        Walked = Array.FindLastIndex(fields, static field => field.Column is not null) + 1;
    }

    public RowField[] All { get; }

    /// <summary>How many fields have to be walked to meet each that is wanted; those behind are not looked at.</summary>
    public int Walked { get; }

    /// <summary>The bytes of a row's null bits, which are its first.</summary>
    public int NullBits { get; }

    /// <summary>The bytes of an indexed row's list of lengths, which follows the null bits.</summary>
    public int Lengths { get; }
}
