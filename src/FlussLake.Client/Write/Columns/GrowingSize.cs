namespace FlussLake.Client.Write.Columns;

/// <summary>How buffers of bytes grow: to the double, or to what is needed if that is more.</summary>
internal static class GrowingSize
{
    /// <summary>The next size.</summary>
    /// <exception cref="ArgumentException">More is needed than one array can hold.</exception>
    public static int For(int size, long needed, string place)
        => needed > Array.MaxLength ? throw ValueErrors.TooMuch(place) : (int)Math.Min(Array.MaxLength, Math.Max(needed, size * 2L));
}
