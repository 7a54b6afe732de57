using DuckDB.NET.Native;
using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.DuckDb;

/// <summary>
/// Copies slots of a decoded column, with all that is nested in it, into a DuckDB vector. DuckDB's own reading of nested Arrow arrays follows their offsets and the NULLs of
/// their parents in its own way, depth by depth; a copy has neither, and nothing of the batch is needed after it.
/// </summary>
internal static unsafe class NestedVector
{
    /// <summary>Copies <paramref name="count"/> slots from <paramref name="first"/> on to the start of <paramref name="vector"/>.</summary>
    /// <param name="column">The column or nested field.</param>
    /// <param name="first">The first slot.</param>
    /// <param name="count">The number of slots.</param>
    /// <param name="vector">A vector with room for them.</param>
    /// <param name="parent">The validity of the STRUCT that the slots are fields of, or null where it has no NULLs.</param>
    public static void Fill(in DecodedColumn column, long first, int count, nint vector, ulong* parent)
    {
        ulong* validity = Validity(column, first, count, vector, parent);
        switch (column.Type.Kind)
        {
            case FlussTypeKind.Array or FlussTypeKind.Map:
                FillList(column, first, count, vector, validity);
                break;
            case FlussTypeKind.Row:
                for (int i = 0; i < column.Children.Length; i++)
                {
                    Fill(column.Children[i], first, count, DuckDbNative.StructVectorGetChild(vector, (ulong)i), validity);
                }

                break;
            default:
                NestedLeaf.Fill(column, first, count, vector, validity);
                break;
        }
    }

    /// <summary>Whether a slot of a vector has a value.</summary>
    public static bool IsValid(ulong* validity, int slot) => validity is null || (validity[slot >> 6] >> (slot & 63) & 1) != 0;

    private static void FillList(in DecodedColumn column, long first, int count, nint vector, ulong* validity)
    {
        if (count == 0)
        {
            return;
        }

        int* offsets = (int*)column.Offsets + first;
        int start = offsets[0];
        int size = offsets[count] - start;
        if (DuckDbNative.ListVectorReserve(vector, (ulong)size) != DuckDBState.Success
            || DuckDbNative.ListVectorSetSize(vector, (ulong)size) != DuckDBState.Success)
        {
            throw new InvalidOperationException($"DuckDB has no room for {size} elements of a column of type {column.Type}.");
        }

        ulong* entries = (ulong*)DuckDbNative.VectorGetData(vector);
        for (int i = 0; i < count; i++)
        {
            bool isValid = IsValid(validity, i);
            entries[i * 2] = isValid ? (ulong)(offsets[i] - start) : 0;
            entries[(i * 2) + 1] = isValid ? (ulong)(offsets[i + 1] - offsets[i]) : 0;
        }

        Fill(column.Children[0], start, size, DuckDbNative.ListVectorGetChild(vector), null);
    }

    // A field of a STRUCT that is NULL is NULL too: DuckDB takes fields out of a STRUCT without a look at the STRUCT's own validity.
    private static ulong* Validity(in DecodedColumn column, long first, int count, nint vector, ulong* parent)
    {
        if ((column.Validity == 0 && parent is null) || count == 0)
        {
            return null;
        }

        DuckDbNative.VectorEnsureValidityWritable(vector);
        ulong* target = DuckDbNative.VectorGetValidity(vector);
        byte* source = (byte*)column.Validity + (first >> 3);
        int shift = (int)(first & 7);
        for (int word = 0; word < (count + 63) / 64; word++)
        {
            ulong bits = ulong.MaxValue;
            if (column.Validity != 0)
            {
                // Nine bytes hold 64 bits that start inside of a byte; decoded buffers may be read beyond their end.
                bits = *(ulong*)(source + (word * 8)) >> shift;
                bits |= shift == 0 ? 0 : (ulong)source[(word * 8) + 8] << (64 - shift);
            }

            target[word] = parent is null ? bits : bits & parent[word];
        }

        return target;
    }
}
