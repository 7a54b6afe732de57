using System.Data.SqlTypes;
using System.Globalization;
using System.Numerics;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace FlussLake.Data.Reader;

/// <summary>Reads one non-null value of the current row as what the caller asks for, where DuckDB.NET's reader would give something else, nothing, or a wrong value.</summary>
internal static class ColumnValues
{
    private const int MaxDecimalScale = 28;
    private const int SqlDecimalDigits = 38;
    private static readonly BigInteger s_decimalLimit = BigInteger.Pow(2, 96);

    public static object ReadValue(DuckDBDataReader reader, ResultColumn column) => column.Type switch
    {
        DuckDBType.HugeInt or DuckDBType.UnsignedHugeInt or DuckDBType.VarInt or DuckDBType.Decimal => ReadDecimal(reader, column),
        DuckDBType.Blob => ReadBytes(reader, column),
        DuckDBType.TimestampTz => ReadDateTime(reader, column),
        DuckDBType.SqlNull => DBNull.Value,
        DuckDBType.List or DuckDBType.Array or DuckDBType.Map or DuckDBType.Struct => NestedValues.ReadValue(reader, column.ColumnOrdinal!.Value),
        _ => reader.GetValue(column.ColumnOrdinal!.Value),
    };

    public static decimal ReadDecimal(DuckDBDataReader reader, ResultColumn column)
    {
        switch (column.Type)
        {
            case DuckDBType.Decimal when Small(reader.GetFieldValue<DuckDBDecimal>(column.ColumnOrdinal!.Value)) is { } small:
                return small;
            case DuckDBType.Decimal or DuckDBType.HugeInt or DuckDBType.UnsignedHugeInt or DuckDBType.VarInt:
                (BigInteger unscaled, int scale) = Unscaled(reader, column);

                // Digits that decimal cannot hold may be zeros only: a value is never rounded.
                while (scale > 0 && (scale > MaxDecimalScale || BigInteger.Abs(unscaled) >= s_decimalLimit))
                {
                    BigInteger quotient = BigInteger.DivRem(unscaled, 10, out BigInteger rest);
                    if (!rest.IsZero)
                    {
                        throw new OverflowException(Messages.BeyondDecimal(column.ColumnName, column.Display));
                    }

                    (unscaled, scale) = (quotient, scale - 1);
                }

                BigInteger magnitude = BigInteger.Abs(unscaled);
                if (magnitude >= s_decimalLimit)
                {
                    throw new OverflowException(Messages.BeyondDecimal(column.ColumnName, column.Display));
                }

                UInt128 bits = (UInt128)magnitude;
                return new decimal((int)(uint)bits, (int)(uint)(bits >> 32), (int)(uint)(bits >> 64), unscaled.Sign < 0, (byte)scale);
            case DuckDBType.UnsignedBigInt:
                return reader.GetFieldValue<ulong>(column.ColumnOrdinal!.Value);
            default:
                return ReadInt64(reader, column, typeof(decimal));
        }
    }

    public static SqlDecimal ReadSqlDecimal(DuckDBDataReader reader, ResultColumn column)
    {
        if (column.Type is not (DuckDBType.Decimal or DuckDBType.HugeInt or DuckDBType.UnsignedHugeInt or DuckDBType.VarInt))
        {
            return new SqlDecimal(ReadDecimal(reader, column));
        }

        (BigInteger unscaled, int scale) = Unscaled(reader, column);
        BigInteger magnitude = BigInteger.Abs(unscaled);
        if (magnitude >= BigInteger.Pow(10, SqlDecimalDigits))
        {
            throw new OverflowException(Messages.BeyondSqlDecimal(column.ColumnName, column.Display));
        }

        UInt128 bits = (UInt128)magnitude;
        byte precision = column.NumericPrecision is { } digits ? (byte)digits : (byte)SqlDecimalDigits;
        return new SqlDecimal(precision, (byte)scale, unscaled.Sign >= 0, (int)(uint)bits, (int)(uint)(bits >> 32), (int)(uint)(bits >> 64), (int)(uint)(bits >> 96));
    }

    public static BigInteger ReadBigInteger(DuckDBDataReader reader, ResultColumn column)
    {
        switch (column.Type)
        {
            case DuckDBType.Decimal or DuckDBType.HugeInt or DuckDBType.UnsignedHugeInt or DuckDBType.VarInt:
                (BigInteger unscaled, int scale) = Unscaled(reader, column);
                BigInteger whole = BigInteger.DivRem(unscaled, BigInteger.Pow(10, scale), out BigInteger fraction);
                return fraction.IsZero ? whole : throw new InvalidCastException(Messages.HasFraction(column.ColumnName, column.Display));
            case DuckDBType.UnsignedBigInt:
                return reader.GetFieldValue<ulong>(column.ColumnOrdinal!.Value);
            default:
                return ReadInt64(reader, column, typeof(BigInteger));
        }
    }

    /// <summary>An integer of any type, checked. A DECIMAL must have no fraction.</summary>
    public static T ReadInteger<T>(DuckDBDataReader reader, ResultColumn column)
        where T : struct, IBinaryInteger<T>
    {
        try
        {
            return column.Type switch
            {
                DuckDBType.Decimal or DuckDBType.HugeInt or DuckDBType.UnsignedHugeInt or DuckDBType.VarInt => T.CreateChecked(ReadBigInteger(reader, column)),
                DuckDBType.UnsignedBigInt => T.CreateChecked(reader.GetFieldValue<ulong>(column.ColumnOrdinal!.Value)),
                _ => T.CreateChecked(ReadInt64(reader, column, typeof(T))),
            };
        }
        catch (OverflowException)
        {
            throw new OverflowException(Messages.OutOfRange(column.ColumnName, column.Display, typeof(T)));
        }
    }

    public static double ReadDouble(DuckDBDataReader reader, ResultColumn column, Type target)
    {
        int ordinal = column.ColumnOrdinal!.Value;
        switch (column.Type)
        {
            case DuckDBType.Double when target == typeof(double):
                return reader.GetFieldValue<double>(ordinal);
            case DuckDBType.Float:
                return reader.GetFieldValue<float>(ordinal);
            case DuckDBType.Decimal or DuckDBType.HugeInt or DuckDBType.UnsignedHugeInt or DuckDBType.VarInt:
                // The parser rounds once; a division of two doubles would round thrice.
                (BigInteger unscaled, int scale) = Unscaled(reader, column);
                return double.Parse(string.Create(CultureInfo.InvariantCulture, $"{unscaled}e-{scale}"), NumberStyles.Float, CultureInfo.InvariantCulture);
            case DuckDBType.UnsignedBigInt:
                return reader.GetFieldValue<ulong>(ordinal);
            default:
                return ReadInt64(reader, column, target);
        }
    }

    public static byte[] ReadBytes(DuckDBDataReader reader, ResultColumn column)
    {
        if (column.Type != DuckDBType.Blob)
        {
            throw Cannot(column, typeof(byte[]));
        }

        // DuckDB.NET's stream points into the chunk, which goes with the next read.
        using Stream stream = reader.GetFieldValue<Stream>(column.ColumnOrdinal!.Value);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static string ReadText(DuckDBDataReader reader, ResultColumn column, Type target) => column.Type switch
    {
        DuckDBType.Varchar or DuckDBType.Enum or DuckDBType.Bit => reader.GetFieldValue<string>(column.ColumnOrdinal!.Value),
        _ => throw Cannot(column, target),
    };

    public static DateTime ReadDateTime(DuckDBDataReader reader, ResultColumn column)
    {
        int ordinal = column.ColumnOrdinal!.Value;
        return column.Type switch
        {
            DuckDBType.Timestamp or DuckDBType.TimestampS or DuckDBType.TimestampMs or DuckDBType.TimestampNs => reader.GetFieldValue<DateTime>(ordinal),
            DuckDBType.TimestampTz => DateTime.SpecifyKind(reader.GetFieldValue<DateTime>(ordinal), DateTimeKind.Utc),
            DuckDBType.Date => reader.GetFieldValue<DateOnly>(ordinal).ToDateTime(TimeOnly.MinValue),
            _ => throw Cannot(column, typeof(DateTime)),
        };
    }

    public static DateTimeOffset ReadDateTimeOffset(DuckDBDataReader reader, ResultColumn column) => column.Type switch
    {
        DuckDBType.TimestampTz or DuckDBType.TimeTz => reader.GetFieldValue<DateTimeOffset>(column.ColumnOrdinal!.Value),
        _ => throw Cannot(column, typeof(DateTimeOffset)),
    };

    public static InvalidCastException Cannot(ResultColumn column, Type target) => new(Messages.CannotRead(column.ColumnName, column.Display, target));

    private static long ReadInt64(DuckDBDataReader reader, ResultColumn column, Type target)
    {
        int ordinal = column.ColumnOrdinal!.Value;
        return column.Type switch
        {
            DuckDBType.TinyInt => reader.GetFieldValue<sbyte>(ordinal),
            DuckDBType.SmallInt => reader.GetFieldValue<short>(ordinal),
            DuckDBType.Integer => reader.GetFieldValue<int>(ordinal),
            DuckDBType.BigInt => reader.GetFieldValue<long>(ordinal),
            DuckDBType.UnsignedTinyInt => reader.GetFieldValue<byte>(ordinal),
            DuckDBType.UnsignedSmallInt => reader.GetFieldValue<ushort>(ordinal),
            DuckDBType.UnsignedInteger => reader.GetFieldValue<uint>(ordinal),
            _ => throw Cannot(column, target),
        };
    }

    /// <summary>Nearly every value has 18 digits or fewer; those need no arithmetic.</summary>
    private static decimal? Small(DuckDBDecimal value)
    {
        DuckDBHugeInt unscaled = value.Value;
        if (value.Scale > MaxDecimalScale || unscaled.Upper != (long)unscaled.Lower >> 63 || (long)unscaled.Lower == long.MinValue)
        {
            return null;
        }

        ulong magnitude = (ulong)Math.Abs((long)unscaled.Lower);
        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), 0, unscaled.Upper < 0, value.Scale);
    }

    private static (BigInteger Unscaled, int Scale) Unscaled(DuckDBDataReader reader, ResultColumn column)
    {
        int ordinal = column.ColumnOrdinal!.Value;
        if (column.Type == DuckDBType.Decimal)
        {
            DuckDBDecimal value = reader.GetFieldValue<DuckDBDecimal>(ordinal);
            return (value.Value.ToBigInteger(), value.Scale);
        }

        return (reader.GetFieldValue<BigInteger>(ordinal), 0);
    }
}
