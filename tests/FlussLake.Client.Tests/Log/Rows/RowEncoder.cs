using System.Buffers.Binary;
using System.Data.SqlTypes;
using System.Globalization;
using System.Numerics;
using System.Text;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Tests.Log.Rows;

/// <summary>Writes rows as Fluss does, from the layout alone: it shares nothing with the decoder.</summary>
internal sealed class RowEncoder(LogFormat format)
{
    /// <summary>A row of a table, or one nested in it.</summary>
    public byte[] Row(IReadOnlyList<FlussType> types, IReadOnlyList<object?> values)
    {
        byte[] nulls = new byte[(types.Count + 7) / 8];
        List<byte> lengths = [];
        List<byte> data = [];
        for (int i = 0; i < types.Count; i++)
        {
            if (IsNull(values[i]))
            {
                nulls[i / 8] |= (byte)(1 << (i % 8));
                continue;
            }

            byte[] value = format == LogFormat.Compacted ? Compacted(types[i], values[i]!) : Indexed(types[i], values[i]!);
            if (format == LogFormat.Indexed && IsVariable(types[i]))
            {
                lengths.AddRange(Fixed(value.Length, 4));
            }

            data.AddRange(value);
        }

        int listed = format == LogFormat.Indexed ? types.Count(IsVariable) * 4 : 0;
        return [.. nulls, .. lengths, .. new byte[listed - lengths.Count], .. data];
    }

    private static bool IsNull(object? value) => value is null or DBNull;

    private static bool IsVariable(FlussType type) =>
        type.Kind is FlussTypeKind.String or FlussTypeKind.Bytes or FlussTypeKind.Array or FlussTypeKind.Map or FlussTypeKind.Row || type is { Kind: FlussTypeKind.Decimal, Precision: > 18 };

    private byte[] Compacted(FlussType type, object value) => type.Kind switch
    {
        FlussTypeKind.Int or FlussTypeKind.Date or FlussTypeKind.Time => Varint((uint)(int)Number(type, value)),
        FlussTypeKind.BigInt => Varint((ulong)Number(type, value)),
        FlussTypeKind.Decimal when type.Precision <= 18 => Varint((ulong)Number(type, value)),
        FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz when value is FlussTimestamp time => type.Precision <= 3
            ? Varint((ulong)time.Milliseconds)
            : [.. Varint((ulong)time.Milliseconds), .. Varint((uint)time.Nanoseconds)],
        _ when IsVariable(type) || type.Kind is FlussTypeKind.Char or FlussTypeKind.Binary => Prefixed(Bytes(type, value)),
        _ => Fixed(Number(type, value), Width(type)),
    };

    private byte[] Indexed(FlussType type, object value) => type.Kind switch
    {
        FlussTypeKind.Char or FlussTypeKind.Binary => Padded(Bytes(type, value), type.Length),
        FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz when type.Precision > 3 && value is FlussTimestamp time =>
            [.. Fixed(time.Milliseconds, 8), .. Fixed(time.Nanoseconds, 4)],
        _ => IsVariable(type) ? Bytes(type, value) : Fixed(Number(type, value), Width(type)),
    };

    private byte[] Array(FlussType type, IReadOnlyList<object?> values)
    {
        int slots = 4 + ((values.Count + 31) / 32 * 4);
        byte[] fixedPart = new byte[(slots + (values.Count * Width(type)) + 7) / 8 * 8];
        List<byte> behind = [];
        BinaryPrimitives.WriteInt32LittleEndian(fixedPart, values.Count);
        for (int i = 0; i < values.Count; i++)
        {
            if (IsNull(values[i]))
            {
                fixedPart[4 + (i / 8)] |= (byte)(1 << (i % 8));
                continue;
            }

            Fixed(Slot(type, values[i]!, fixedPart.Length, behind), Width(type)).CopyTo(fixedPart, slots + (i * Width(type)));
        }

        return [.. fixedPart, .. behind];
    }

    // A slot holds the value, or up to seven bytes and their number, or where the value is behind the slots.
    private long Slot(FlussType type, object value, int start, List<byte> behind)
    {
        bool isText = type.Kind is FlussTypeKind.Char or FlussTypeKind.String or FlussTypeKind.Binary or FlussTypeKind.Bytes;
        bool isFine = value is FlussTimestamp && type.Precision > 3;
        if (!isText && !isFine && !IsVariable(type))
        {
            return Number(type, value);
        }

        byte[] bytes = isFine ? Fixed(((FlussTimestamp)value).Milliseconds, 8) : Bytes(type, value);
        if (isText && bytes.Length <= 7)
        {
            return BinaryPrimitives.ReadInt64LittleEndian([.. Padded(bytes, 7), (byte)(0x80 | bytes.Length)]);
        }

        long offset = start + behind.Count;
        int room = type.Kind == FlussTypeKind.Decimal ? 16 : (bytes.Length + 7) / 8 * 8;
        behind.AddRange(Padded(bytes, room));
        return (offset << 32) | (uint)(isFine ? ((FlussTimestamp)value).Nanoseconds : bytes.Length);
    }

    private byte[] Bytes(FlussType type, object value)
    {
        switch (type.Kind)
        {
            case FlussTypeKind.Decimal:
                return Unscaled(value).ToByteArray(isBigEndian: true);
            case FlussTypeKind.Array:
                return Array(type.Element!, (object?[])value);
            case FlussTypeKind.Map:
                List<KeyValuePair<object, object?>> entries = (List<KeyValuePair<object, object?>>)value;
                byte[] keys = Array(type.Key!, [.. entries.Select(entry => entry.Key)]);
                return [.. Fixed(keys.Length, 4), .. keys, .. Array(type.Value!, [.. entries.Select(entry => entry.Value)])];
            case FlussTypeKind.Row:
                IReadOnlyList<object?> fields = value as object?[] ?? [.. ((Dictionary<string, object?>)value).Values];
                return Row([.. type.Fields.Select(field => field.Type)], fields);
            default:
                return value switch
                {
                    string text => Encoding.UTF8.GetBytes(text),
                    ReadOnlyMemory<byte> memory => memory.ToArray(),
                    _ => (byte[])value,
                };
        }
    }

    private static long Number(FlussType type, object value) => value switch
    {
        bool flag => flag ? 1 : 0,
        float number => BitConverter.SingleToInt32Bits(number),
        double number => BitConverter.DoubleToInt64Bits(number),
        DateOnly date => date.DayNumber - new DateOnly(1970, 1, 1).DayNumber,
        TimeOnly time => time.Ticks / TimeSpan.TicksPerMillisecond,
        FlussTimestamp time => time.Milliseconds,
        SqlDecimal => (long)Unscaled(value),
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };

    private static BigInteger Unscaled(object value) => BigInteger.Parse(((SqlDecimal)value).ToString().Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private static int Width(FlussType type) => type.Kind switch
    {
        FlussTypeKind.Boolean or FlussTypeKind.TinyInt => 1,
        FlussTypeKind.SmallInt => 2,
        FlussTypeKind.Int or FlussTypeKind.Date or FlussTypeKind.Time or FlussTypeKind.Float => 4,
        _ => 8,
    };

    private static byte[] Fixed(long value, int width)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes[..width];
    }

    private static byte[] Padded(byte[] bytes, int width) => [.. bytes, .. new byte[width - bytes.Length]];

    private static byte[] Prefixed(byte[] bytes) => [.. Varint((uint)bytes.Length), .. bytes];

    private static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}
