using System.Buffers.Binary;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Keys;

/// <summary>
/// Paimon's BinaryRow of the key: null bits, a slot of 8 bytes a column, and behind them what does not fit into its slot.
/// Source: <c>fluss-common/src/main/java/org/apache/fluss/row/encode/paimon/PaimonBinaryRowWriter.java</c>.
/// </summary>
internal sealed class PaimonKeyEncoder : KeyEncoder
{
    private const int HeaderBits = 8;
    private const int LongestInlined = 7;

    private readonly int _nullBitsSize;

    public PaimonKeyEncoder(KeyColumn[] columns)
        : base(columns)
    {
        _nullBitsSize = (columns.Length + 63 + HeaderBits) / 64 * 8;
        foreach (KeyColumn column in columns)
        {
            if (column.Type.Kind is FlussTypeKind.Array or FlussTypeKind.Map or FlussTypeKind.Row)
            {
                throw KeyErrors.UnsupportedType(column.Place, column.Type, Purpose);
            }
        }
    }

    protected override void Write(FlussRow row)
    {
        Buffer.Extend(_nullBitsSize + (8 * Columns.Length));
        for (int i = 0; i < Columns.Length; i++)
        {
            KeyColumn column = Columns[i];
            if (!row.IsNull(column.Position))
            {
                Buffer.SetInt64(_nullBitsSize + (8 * i), Slot(row, column));
            }
            else if (column.Type.IsNullable)
            {
                int bit = i + HeaderBits;
                Buffer.SetByte(bit / 8, (byte)(Buffer.GetByte(bit / 8) | (1 << (bit % 8))));
            }
            else
            {
                throw KeyErrors.Null(column.Place, Purpose);
            }
        }
    }

    private long Slot(FlussRow row, KeyColumn column)
    {
        switch (column.Type.Kind)
        {
            case FlussTypeKind.Boolean:
                return row.GetBoolean(column.Position) ? 1 : 0;
            case FlussTypeKind.TinyInt:
                return (byte)column.Int64(row);
            case FlussTypeKind.SmallInt:
                return (ushort)column.Int64(row);
            case FlussTypeKind.Int or FlussTypeKind.Date:
                return (uint)column.Int64(row);
            case FlussTypeKind.Time:
                return (uint)column.TimeMilliseconds(row);
            case FlussTypeKind.BigInt:
                return column.Int64(row);
            case FlussTypeKind.Float:
                return BitConverter.SingleToUInt32Bits(column.Single(row));
            case FlussTypeKind.Double:
                return BitConverter.DoubleToInt64Bits(column.Double(row));
            case FlussTypeKind.Decimal:
                return Decimal(column.UnscaledDecimal(row), column.Type.Precision);
            case FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz:
                return Timestamp(column.Timestamp(row), column.Type.Precision);
            case FlussTypeKind.Char or FlussTypeKind.String or FlussTypeKind.Binary or FlussTypeKind.Bytes:
                return Bytes(row.GetBytes(column.Position));
            default:
                throw KeyErrors.UnsupportedType(column.Place, column.Type, Purpose);
        }
    }

    private long Decimal(Int128 value, int precision)
    {
        if (precision <= 18)
        {
            return (long)value;
        }

        // 16 bytes, whatever the value takes of them.
        int start = Buffer.Length;
        Buffer.AppendBigEndian(value);
        int length = Buffer.Length - start;
        Buffer.Extend(16 - length);
        return ((long)start << 32) | (uint)length;
    }

    private long Timestamp((long Milliseconds, int Nanoseconds) value, int precision)
    {
        if (precision <= 3)
        {
            return value.Milliseconds;
        }

        int start = Buffer.Length;
        Buffer.AppendInt64(value.Milliseconds);
        return ((long)start << 32) | (uint)value.Nanoseconds;
    }

    private long Bytes(ReadOnlySpan<byte> value)
    {
        if (value.Length <= LongestInlined)
        {
            Span<byte> slot = stackalloc byte[8];
            slot.Clear();
            value.CopyTo(slot);
            slot[LongestInlined] = (byte)(0x80 | value.Length);
            return BinaryPrimitives.ReadInt64LittleEndian(slot);
        }

        int start = Buffer.Length;
        Buffer.AppendBytes(value);
        Buffer.Extend(-value.Length & 7);
        return ((long)start << 32) | (uint)value.Length;
    }
}
