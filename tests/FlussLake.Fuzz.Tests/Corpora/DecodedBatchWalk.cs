using System.Runtime.CompilerServices;

using FlussLake.Client.Log.Arrow;

namespace FlussLake.Fuzz.Tests.Corpora;

/// <summary>Reads all of a decoded batch, and sees that it stays within its memory.</summary>
internal static class DecodedBatchWalk
{
    public static void Walk(DecodedLogBatch batch, long maxBytes)
    {
        Assert.InRange(batch.NativeBytes, 0, maxBytes + (maxBytes / 4));
        nint from = Slab(batch)?.Address ?? 0;
        foreach (DecodedColumn column in batch.Columns)
        {
            Assert.Equal(batch.RowCount, column.Length);
            ColumnWalk.Sum(column, from, from + (nint)batch.NativeBytes);
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_slab")]
    private static extern ref NativeSlab? Slab(DecodedLogBatch batch);
}
