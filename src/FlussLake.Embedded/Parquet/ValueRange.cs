using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FlussLake.Embedded.Parquet;

/// <summary>The smallest and the largest of a column's whole numbers. Other types have orders that readers disagree on, and go without.</summary>
internal readonly record struct ValueRange(long Smallest, long Largest)
{
    /// <summary>Widens a range by the values of a page, or begins one.</summary>
    public static ValueRange? Including(ValueRange? range, ParquetType type, ReadOnlySpan<byte> values)
    {
        if (values.IsEmpty || type is not (ParquetType.Int32 or ParquetType.Int64))
        {
            return range;
        }

        long smallest = range?.Smallest ?? long.MaxValue;
        long largest = range?.Largest ?? long.MinValue;
        if (type == ParquetType.Int32)
        {
            foreach (int value in MemoryMarshal.Cast<byte, int>(values))
            {
                smallest = Math.Min(smallest, value);
                largest = Math.Max(largest, value);
            }
        }
        else
        {
            foreach (long value in MemoryMarshal.Cast<byte, long>(values))
            {
                smallest = Math.Min(smallest, value);
                largest = Math.Max(largest, value);
            }
        }

        return new ValueRange(smallest, largest);
    }

    /// <summary>A value in the plain encoding of its type.</summary>
    public static byte[] Plain(ParquetType type, long value)
    {
        byte[] bytes = new byte[type == ParquetType.Int32 ? sizeof(int) : sizeof(long)];
        if (type == ParquetType.Int32)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        }

        return bytes;
    }
}
