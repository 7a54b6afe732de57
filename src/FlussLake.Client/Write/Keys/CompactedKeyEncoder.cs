using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Keys;

/// <summary>Fluss's own encoding: the values of a compacted row one behind the other, without null bits, for null is not possible.</summary>
internal sealed class CompactedKeyEncoder : KeyEncoder
{
    public CompactedKeyEncoder(KeyColumn[] columns)
        : base(columns)
    {
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
        foreach (KeyColumn column in Columns)
        {
            if (row.IsNull(column.Position))
            {
                throw KeyErrors.Null(column.Place, Purpose);
            }

            Write(row, column);
        }
    }

    private void Write(FlussRow row, KeyColumn column)
    {
        switch (column.Type.Kind)
        {
            case FlussTypeKind.Boolean:
                Buffer.AppendByte(row.GetBoolean(column.Position) ? (byte)1 : (byte)0);
                break;
            case FlussTypeKind.TinyInt:
                Buffer.AppendByte((byte)column.Int64(row));
                break;
            case FlussTypeKind.SmallInt:
                Buffer.AppendInt16((short)column.Int64(row));
                break;
            case FlussTypeKind.Int or FlussTypeKind.Date:
                Buffer.AppendVarint((uint)column.Int64(row));
                break;
            case FlussTypeKind.Time:
                Buffer.AppendVarint((uint)column.TimeMilliseconds(row));
                break;
            case FlussTypeKind.BigInt:
                Buffer.AppendVarint((ulong)column.Int64(row));
                break;
            case FlussTypeKind.Float:
                Buffer.AppendInt32(BitConverter.SingleToInt32Bits(column.Single(row)));
                break;
            case FlussTypeKind.Double:
                Buffer.AppendInt64(BitConverter.DoubleToInt64Bits(column.Double(row)));
                break;
            case FlussTypeKind.Decimal:
                WriteDecimal(column.UnscaledDecimal(row), column.Type.Precision);
                break;
            case FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz:
                (long milliseconds, int nanoseconds) = column.Timestamp(row);
                Buffer.AppendVarint((ulong)milliseconds);
                if (column.Type.Precision > 3)
                {
                    Buffer.AppendVarint((uint)nanoseconds);
                }

                break;
            case FlussTypeKind.Char or FlussTypeKind.String or FlussTypeKind.Binary or FlussTypeKind.Bytes:
                ReadOnlySpan<byte> bytes = row.GetBytes(column.Position);
                Buffer.AppendVarint((uint)bytes.Length);
                Buffer.AppendBytes(bytes);
                break;
            default:
                throw KeyErrors.UnsupportedType(column.Place, column.Type, Purpose);
        }
    }

    private void WriteDecimal(Int128 value, int precision)
    {
        if (precision <= 18)
        {
            Buffer.AppendVarint((ulong)(long)value);
            return;
        }

        // The length goes first, and is below 128: one byte.
        int at = Buffer.Length;
        Buffer.AppendByte(0);
        Buffer.AppendBigEndian(value);
        Buffer.SetByte(at, (byte)(Buffer.Length - at - 1));
    }
}
