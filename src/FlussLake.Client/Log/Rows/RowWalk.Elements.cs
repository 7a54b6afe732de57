using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace FlussLake.Client.Log.Rows;

/// <content>
/// Arrays: their count, null bits in words of 32, a slot for each element, and behind these what does not fit into the slots.
/// </content>
internal ref partial struct RowWalk<TSink>
{
    private const int CountSize = sizeof(int);
    private const int InlineMost = 7;

    /// <summary>The count of an array, which has a slot for each element.</summary>
    private readonly int ElementCount(RowField field, RowField element, ReadOnlySpan<byte> array)
    {
        if (array.Length < CountSize)
        {
            throw Damaged(field, "ends inside of its element count");
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(array);
        return count >= 0 && SlotsStart(count) + ((long)count * element.SlotWidth) <= array.Length
            ? count
            : throw Damaged(field, $"counts {count} elements in {array.Length} bytes");
    }

    private static long SlotsStart(int count) => CountSize + ((count + 31L) / 32 * 4);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Elements(RowField element, ReadOnlySpan<byte> array, int count)
    {
        int slots = (int)SlotsStart(count);

        // What is behind the slots. Without it, slots that share their bytes would make more of them, level by level.
        long left = array.Length - slots - ((long)count * element.SlotWidth);
        for (int i = 0; i < count; i++)
        {
            if (IsSet(array[CountSize..], i))
            {
                Null(element);
                continue;
            }

            ReadOnlySpan<byte> slot = array.Slice(slots + (i * element.SlotWidth), element.SlotWidth);
            long value = RowBytes.Fixed(slot);
            switch (element.Kind)
            {
                case RowFieldKind.FineTimestamp:
                    bool isThere = TryReference(array, value >> 32, sizeof(long), ref left, out ReadOnlySpan<byte> milliseconds);
                    Timestamp(element, isThere, isThere ? RowBytes.Fixed(milliseconds) : 0, (int)value);
                    break;
                case RowFieldKind.Padded or RowFieldKind.Bytes when value < 0:
                    int length = (int)(value >> 56) & 0x7F;
                    Variable(element, length <= InlineMost, slot[..Math.Min(length, InlineMost)]);
                    break;
                case >= RowFieldKind.Padded:
                    bool isWhole = TryReference(array, value >> 32, (int)value, ref left, out ReadOnlySpan<byte> bytes);
                    Variable(element, isWhole, bytes);
                    break;
                default:
                    Number(element, true, value);
                    break;
            }
        }
    }

    private static bool TryReference(ReadOnlySpan<byte> array, long start, int length, scoped ref long left, out ReadOnlySpan<byte> bytes)
    {
        left -= length;
        bool isThere = length >= 0 && start >= 0 && start <= array.Length - length && left >= 0;
        bytes = isThere ? array.Slice((int)start, length) : default;
        return isThere;
    }
}
