using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Lake;
using FlussLake.Lake.Paimon;

namespace FlussLake.Embedded.Tiering;

/// <summary>Reads the partition that a row belongs to, and writes it as manifests keep it.</summary>
internal sealed unsafe class PartitionKeys
{
    private readonly PaimonDataType[] _types;

    public PartitionKeys(LakeSchema schema)
    {
        Names = schema.PartitionKeys;
        _types = [.. schema.PartitionKeys.Select(key => PaimonDataType.Parse(schema.Fields.First(field => field.Name == key).Type))];
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The values of a row's partition keys; null for NULL.</summary>
    /// <param name="columns">The decoded columns.</param>
    /// <param name="positions">Where each key is among them.</param>
    /// <param name="row">The row.</param>
    public static PartitionValue?[] Read(ReadOnlySpan<DecodedColumn> columns, int[] positions, long row)
    {
        PartitionValue?[] values = new PartitionValue?[positions.Length];
        for (int i = 0; i < values.Length; i++)
        {
            DecodedColumn column = columns[positions[i]];
            bool isNull = column.Validity != 0 && (((byte*)column.Validity)[row >> 3] >> (int)(row & 7) & 1) == 0;
            values[i] = isNull ? null : Read(column, row);
        }

        return values;
    }

    /// <summary>The serialised row of a partition's values.</summary>
    public byte[] ToRow(PartitionValue?[] values)
    {
        BinaryRowWriter row = new(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            Set(row, i, values[i]);
        }

        return row.ToArray();
    }

    /// <summary>The values of a serialised row; null where it is not one of these keys.</summary>
    public PartitionValue?[]? TryReadRow(ReadOnlySpan<byte> bytes)
    {
        if (!BinaryRow.TryRead(bytes, out BinaryRow row) || row.FieldCount != _types.Length)
        {
            return null;
        }

        PartitionValue?[] values = new PartitionValue?[_types.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (!row.IsNull(i) && !TryGet(row, i, out values[i]))
            {
                return null;
            }
        }

        return values;
    }

    private bool TryGet(in BinaryRow row, int field, out PartitionValue? value)
    {
        value = null;
        long number;
        int nanoseconds = 0;
        switch (_types[field].Root)
        {
            case "CHAR" or "VARCHAR" or "STRING":
                bool isThere = row.TryGetBytes(field, out ReadOnlySpan<byte> text);
                value = new PartitionValue(0, 0, text.ToArray());
                return isThere;
            case "BOOLEAN" or "TINYINT":
                number = (sbyte)row.GetByte(field);
                break;
            case "SMALLINT":
                number = row.GetInt16(field);
                break;
            case "BIGINT":
                number = row.GetInt64(field);
                break;
            case "TIMESTAMP" when _types[field].Precision is not <= 3:
                if (!row.TryGetTimestamp(field, out number, out nanoseconds))
                {
                    return false;
                }

                break;
            case "TIMESTAMP":
                number = row.GetInt64(field);
                break;
            default:
                number = row.GetInt32(field);
                break;
        }

        value = new PartitionValue(number, nanoseconds, null);
        return true;
    }

    private void Set(BinaryRowWriter row, int field, PartitionValue? set)
    {
        if (set is not { } value)
        {
            row.SetNull(field);
            return;
        }

        switch (_types[field].Root)
        {
            case "CHAR" or "VARCHAR" or "STRING":
                row.SetBytes(field, value.Text!);
                break;
            case "BOOLEAN" or "TINYINT":
                row.SetByte(field, (byte)value.Number);
                break;
            case "SMALLINT":
                row.SetInt16(field, (short)value.Number);
                break;
            case "BIGINT":
                row.SetInt64(field, value.Number);
                break;
            case "TIMESTAMP" when _types[field].Precision is not <= 3:
                row.SetTimestamp(field, value.Number, value.Nanoseconds);
                break;
            case "TIMESTAMP":
                row.SetInt64(field, value.Number);
                break;
            default:
                row.SetInt32(field, (int)value.Number);
                break;
        }
    }

    private static PartitionValue Read(in DecodedColumn column, long row)
    {
        byte* data = (byte*)column.Data;
        int* offsets = (int*)column.Offsets;
        int precision = column.Type.Precision;
        return column.Type.Kind switch
        {
            FlussTypeKind.Boolean => new PartitionValue(data[row >> 3] >> (int)(row & 7) & 1, 0, null),
            FlussTypeKind.TinyInt => new PartitionValue(((sbyte*)data)[row], 0, null),
            FlussTypeKind.SmallInt => new PartitionValue(((short*)data)[row], 0, null),
            FlussTypeKind.Int or FlussTypeKind.Date => new PartitionValue(((int*)data)[row], 0, null),
            FlussTypeKind.BigInt => new PartitionValue(((long*)data)[row], 0, null),
            FlussTypeKind.Time => new PartitionValue(Milliseconds(precision <= 3 ? ((int*)data)[row] : ((long*)data)[row], precision).Number, 0, null),
            FlussTypeKind.Timestamp => Milliseconds(((long*)data)[row], precision),
            _ => new PartitionValue(0, 0, new ReadOnlySpan<byte>(data + offsets[row], offsets[row + 1] - offsets[row]).ToArray()),
        };
    }

    /// <summary>A number in the unit of a precision, as floored milliseconds and the rest.</summary>
    private static PartitionValue Milliseconds(long value, int precision)
    {
        if (precision <= 3)
        {
            return new PartitionValue(precision == 0 ? checked(value * 1000) : value, 0, null);
        }

        long unit = precision <= 6 ? 1000 : 1_000_000;
        long rest = value % unit;
        rest += rest < 0 ? unit : 0;
        return new PartitionValue((value - rest) / unit, (int)(rest * (1_000_000 / unit)), null);
    }
}
