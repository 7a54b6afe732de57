using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Keys;

/// <summary>
/// What Iceberg's bucket transform hashes of a value. Source: <c>fluss-common/src/main/java/org/apache/fluss/row/encode/iceberg/IcebergBinaryRowWriter.java</c>.
/// </summary>
internal sealed class IcebergKeyEncoder : KeyEncoder
{
    private readonly KeyColumn _column;

    public IcebergKeyEncoder(KeyColumn[] columns)
        : base(columns)
    {
        _column = columns[0];
        if (_column.Type.Kind is FlussTypeKind.Array or FlussTypeKind.Map or FlussTypeKind.Row or FlussTypeKind.Boolean or FlussTypeKind.TinyInt or FlussTypeKind.SmallInt
            or FlussTypeKind.TimestampLtz)
        {
            throw KeyErrors.UnsupportedType(_column.Place, _column.Type, Purpose);
        }
    }

    protected override void Write(FlussRow row)
    {
        int position = _column.Position;
        if (row.IsNull(position))
        {
            throw KeyErrors.Null(_column.Place, Purpose);
        }

        switch (_column.Type.Kind)
        {
            case FlussTypeKind.Int or FlussTypeKind.Date or FlussTypeKind.BigInt:
                Buffer.AppendInt64(_column.Int64(row));
                break;
            case FlussTypeKind.Time:
                Buffer.AppendInt64(_column.TimeMilliseconds(row) * 1000L);
                break;
            case FlussTypeKind.Float:
                Buffer.AppendInt32(BitConverter.SingleToInt32Bits(_column.Single(row)));
                break;
            case FlussTypeKind.Double:
                Buffer.AppendInt64(BitConverter.DoubleToInt64Bits(_column.Double(row)));
                break;
            case FlussTypeKind.Timestamp:
                (long milliseconds, int nanoseconds) = _column.Timestamp(row);
                Buffer.AppendInt64(unchecked((milliseconds * 1000) + (nanoseconds / 1000)));
                break;
            case FlussTypeKind.Decimal:
                Buffer.AppendBigEndian(_column.UnscaledDecimal(row));
                break;
            default:
                Buffer.AppendBytes(row.GetBytes(position));
                break;
        }

        if (Buffer.Length == 0)
        {
            throw KeyErrors.Empty(_column.Place);
        }
    }
}
