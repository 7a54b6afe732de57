using System.Data.SqlTypes;
using System.Globalization;
using System.Numerics;
using System.Text;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Tests.Write;

/// <summary>Random types, values for them, and the text that a decoded value has. Texts are written as <see cref="Log.ValueText"/> writes them.</summary>
internal sealed class RandomValues(int seed)
{
    private const string Characters = "abc xyzäßœ日本🙂";
    private readonly Random _random = new(seed);

    public FlussType Type(int depth)
    {
        FlussTypeKind kind = (FlussTypeKind)_random.Next(depth > 0 ? (int)FlussTypeKind.Row + 1 : (int)FlussTypeKind.Array);
        FlussType type = new(kind) { IsNullable = _random.Next(4) != 0 };
        return kind switch
        {
            FlussTypeKind.Char => type with { Length = 20 },
            FlussTypeKind.Binary => type with { Length = _random.Next(1, 20) },
            FlussTypeKind.Decimal => Decimal(type),
            FlussTypeKind.Time or FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz => type with { Precision = _random.Next(10) },
            FlussTypeKind.Array => type with { Element = Type(depth - 1) },
            FlussTypeKind.Map => type with { Key = Type(0) with { IsNullable = false }, Value = Type(depth - 1) },
            FlussTypeKind.Row => type with { Fields = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(i => new FlussField("f" + i, Type(depth - 1), -1))] },
            _ => type,
        };
    }

    /// <summary>A value as a writer is given it, and the text that it is read back as.</summary>
    public (object? Value, string Text) Value(FlussType type)
    {
        if (type.IsNullable && _random.Next(5) == 0)
        {
            return (_random.Next(2) == 0 ? null : DBNull.Value, "null");
        }

        switch (type.Kind)
        {
            case FlussTypeKind.Boolean:
                bool flag = _random.Next(2) == 0;
                return (flag, flag ? "true" : "false");
            case FlussTypeKind.TinyInt:
                return Number((sbyte)_random.Next(sbyte.MinValue, sbyte.MaxValue + 1));
            case FlussTypeKind.SmallInt:
                return Number((short)_random.Next(short.MinValue, short.MaxValue + 1));
            case FlussTypeKind.Int:
                return Number(_random.Next(int.MinValue, int.MaxValue));
            case FlussTypeKind.BigInt:
                return Number(_random.NextInt64(long.MinValue, long.MaxValue));
            case FlussTypeKind.Float:
                return Number(BitConverter.Int32BitsToSingle(_random.Next()));
            case FlussTypeKind.Double:
                return Number(BitConverter.Int64BitsToDouble(_random.NextInt64()));
            case FlussTypeKind.Char or FlussTypeKind.String:
                string text = Text(_random.Next(15));
                return (text, text);
            case FlussTypeKind.Binary or FlussTypeKind.Bytes:
                byte[] bytes = new byte[type.Kind == FlussTypeKind.Binary ? type.Length : _random.Next(30)];
                _random.NextBytes(bytes);
                return (_random.Next(2) == 0 ? bytes : new ReadOnlyMemory<byte>(bytes), Convert.ToHexStringLower(bytes));
            case FlussTypeKind.Decimal:
                return DecimalValue(type);
            case FlussTypeKind.Date:
                DateOnly date = DateOnly.FromDayNumber(_random.Next(DateOnly.MaxValue.DayNumber));
                return (date, Invariant(date.DayNumber - new DateOnly(1970, 1, 1).DayNumber));
            case FlussTypeKind.Time:
                long milliseconds = _random.NextInt64(86_400_000);
                return (new TimeOnly(milliseconds * 10_000), Invariant((type.Precision == 0 ? milliseconds / 1000 * 1000 : milliseconds) * 1_000_000));
            case FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz:
                return Timestamp(type.Precision);
            case FlussTypeKind.Array:
                (object? Value, string Text)[] elements = [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Value(type.Element!))];
                return (elements.Select(element => element.Value).ToArray(), Join(elements.Select(element => element.Text)));
            case FlussTypeKind.Map:
                ((object? Value, string Text) Key, (object? Value, string Text) Mapped)[] entries =
                    [.. Enumerable.Range(0, _random.Next(4)).Select(_ => (Value(type.Key!), Value(type.Value!))).DistinctBy(entry => entry.Item1.Text)];
                return (entries.Select(entry => KeyValuePair.Create(entry.Key.Value!, entry.Mapped.Value)).ToList(), Join(entries.Select(entry => $"[{entry.Key.Text},{entry.Mapped.Text}]")));
            default:
                (object? Value, string Text)[] fields = [.. type.Fields.Select(field => Value(field.Type))];
                string row = Join(fields.Select(field => field.Text));
                return _random.Next(2) == 0
                    ? (fields.Select(field => field.Value).ToArray(), row)
                    : (fields.Select((field, i) => KeyValuePair.Create("f" + i, field.Value)).ToDictionary(), row);
        }
    }

    private static string Join(IEnumerable<string> texts) => $"[{string.Join(',', texts)}]";

    private static string Invariant(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static (object Value, string Text) Number<T>(T value)
        where T : IFormattable
        => (value, Invariant(value));

    private FlussType Decimal(FlussType type)
    {
        int precision = _random.Next(1, 39);
        return type with { Precision = precision, Scale = _random.Next(precision + 1) };
    }

    private (object Value, string Text) DecimalValue(FlussType type)
    {
        BigInteger unscaled = BigInteger.Zero;
        for (int i = _random.Next(type.Precision + 1); i > 0; i--)
        {
            unscaled = (unscaled * 10) + _random.Next(10);
        }

        bool isNegative = _random.Next(2) == 0 && !unscaled.IsZero;
        string digits = unscaled.ToString(CultureInfo.InvariantCulture).PadLeft(type.Scale + 1, '0');
        string text = (isNegative ? "-" : "") + digits[..^type.Scale] + (type.Scale > 0 ? "." + digits[^type.Scale..] : "");
        return (SqlDecimal.Parse(text), (isNegative ? "-" : "") + unscaled.ToString(CultureInfo.InvariantCulture));
    }

    private (object Value, string Text) Timestamp(int precision)
    {
        // From 1700 to 2250, so that 64 bits hold the nanoseconds.
        long milliseconds = _random.NextInt64(-8_000_000_000_000, 8_000_000_000_000);
        int nanoseconds = _random.Next(1_000_000);
        Int128 all = ((Int128)milliseconds * 1_000_000) + nanoseconds;
        Int128 stored = precision switch
        {
            0 => (Int128)(milliseconds / 1000) * 1_000_000_000,
            <= 3 => (Int128)milliseconds * 1_000_000,
            <= 6 => all - (nanoseconds % 1000),
            _ => all,
        };
        return (new FlussTimestamp(milliseconds, nanoseconds), Invariant(stored));
    }

    private string Text(int length)
    {
        StringBuilder text = new();
        Rune[] runes = [.. Characters.EnumerateRunes()];
        for (int i = 0; i < length; i++)
        {
            text.Append(runes[_random.Next(runes.Length)]);
        }

        return text.ToString();
    }
}
