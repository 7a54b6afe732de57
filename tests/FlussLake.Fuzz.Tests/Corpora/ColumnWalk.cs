using System.Text.Unicode;

using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;

namespace FlussLake.Fuzz.Tests.Corpora;

/// <summary>Reads every value of a decoded column, as whoever is given the column may.</summary>
internal static unsafe class ColumnWalk
{
    /// <summary>Reads all of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="from">Where the memory that it lies in starts.</param>
    /// <param name="to">Where it ends.</param>
    /// <returns>A number that every byte went into.</returns>
    public static ulong Sum(in DecodedColumn column, nint from, nint to)
    {
        ulong sum = 0;
        long nulls = 0;
        if (column.Validity != 0)
        {
            Require(column.Validity, (column.Length + 7) / 8, from, to);
            for (long i = 0; i < column.Length; i++)
            {
                nulls += IsNull(column, i) ? 1 : 0;
            }
        }

        Assert.Equal(column.NullCount, nulls);
        switch (column.Type.Kind)
        {
            case FlussTypeKind.Char or FlussTypeKind.String or FlussTypeKind.Bytes:
                sum += Texts(column, from, to);
                break;
            case FlussTypeKind.Array or FlussTypeKind.Map:
                int* offsets = Offsets(column, from, to);
                Assert.True(column.Length == 0 || offsets[column.Length] <= column.Children[0].Length);
                break;
            case FlussTypeKind.Row:
                foreach (DecodedColumn child in column.Children)
                {
                    Assert.Equal(column.Length, child.Length);
                }

                break;
            default:
                long size = column.Type.Kind == FlussTypeKind.Boolean ? (column.Length + 7) / 8 : column.Length * Width(column.Type);
                sum += Bytes((byte*)column.Data, size, from, to);
                break;
        }

        foreach (DecodedColumn child in column.Children)
        {
            sum += Sum(child, from, to);
        }

        return sum;
    }

    private static ulong Texts(in DecodedColumn column, nint from, nint to)
    {
        int* offsets = Offsets(column, from, to);
        ulong sum = 0;
        for (long i = 0; i < column.Length; i++)
        {
            byte* start = (byte*)column.Data + offsets[i];
            int length = offsets[i + 1] - offsets[i];
            Assert.True(length >= 0);
            sum += Bytes(start, length, from, to);
            Assert.True(column.Type.Kind == FlussTypeKind.Bytes || Utf8.IsValid(new ReadOnlySpan<byte>(start, length)));
        }

        return sum;
    }

    private static int* Offsets(in DecodedColumn column, nint from, nint to)
    {
        int* offsets = (int*)column.Offsets;
        if (column.Length > 0)
        {
            Require(column.Offsets, (column.Length + 1) * sizeof(int), from, to);
            for (long i = 0; i < column.Length; i++)
            {
                Assert.True(offsets[i] >= 0 && offsets[i] <= offsets[i + 1]);
            }
        }

        return offsets;
    }

    private static ulong Bytes(byte* start, long length, nint from, nint to)
    {
        if (length > 0)
        {
            Require((nint)start, length, from, to);
        }

        ulong sum = 0;
        for (long i = 0; i < length; i++)
        {
            sum = (sum * 31) + start[i];
        }

        return sum;
    }

    private static void Require(nint start, long length, nint from, nint to) => Assert.True(start >= from && start + length <= to, "a buffer leaves the batch's memory");

    private static bool IsNull(in DecodedColumn column, long row) => (((byte*)column.Validity)[row >> 3] & (1 << (int)(row & 7))) == 0;

    private static int Width(FlussType type) => type.Kind switch
    {
        FlussTypeKind.TinyInt => 1,
        FlussTypeKind.SmallInt => 2,
        FlussTypeKind.Int or FlussTypeKind.Float or FlussTypeKind.Date => 4,
        FlussTypeKind.Time => type.Precision <= 3 ? 4 : 8,
        FlussTypeKind.Decimal => 16,
        FlussTypeKind.Binary => type.Length,
        _ => 8,
    };
}
