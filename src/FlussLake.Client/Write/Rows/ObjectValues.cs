using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Rows;

/// <summary>Values that are .NET objects, converted to the Fluss type of their column when they are read.</summary>
internal abstract class ObjectValues(TablePath table) : FlussRow
{
    private readonly Utf8Text _text = new();
    private NestedRows?[] _nested = [];

    protected TablePath Table { get; } = table;

    public sealed override bool IsNull(int column) => Value(column) is null or DBNull;

    public sealed override bool GetBoolean(int column)
        => Value(column) is bool value ? value : throw WrongType(column, "a bool");

    public sealed override long GetInt64(int column)
    {
        object value = Value(column)!;
        FlussType type = TypeOf(column);
        return type.Kind switch
        {
            FlussTypeKind.Date => ObjectTimes.TryDays(value, out long days) ? days : throw WrongType(column, "a DateOnly, or a DateTime at midnight"),
            FlussTypeKind.Time => ObjectTimes.TryNanosecondsOfDay(value, out long time) ? time : throw WrongType(column, "a TimeOnly or a TimeSpan"),
            _ => Integer(value, column),
        };
    }

    public sealed override double GetDouble(int column)
        => ObjectNumbers.TryDouble(Value(column)!, out double value) ? value : throw WrongType(column, "a float or a double");

    public sealed override (long Milliseconds, int Nanoseconds) GetTimestamp(int column)
    {
        object value = Value(column)!;
        FlussType type = TypeOf(column);
        if (type.Kind == FlussTypeKind.Timestamp)
        {
            return ObjectTimes.TryClock(value, out (long, int) clock) ? clock : throw WrongType(column, "a DateTime or a FlussTimestamp");
        }

        if (value is DateTime { Kind: DateTimeKind.Unspecified } unspecified)
        {
            throw ValueErrors.Unspecified(PlaceOf(column), type, unspecified);
        }

        return ObjectTimes.TryInstant(value, out (long, int) instant) ? instant
            : value is DateTime ? throw ValueErrors.OutOfRange(PlaceOf(column), type, value)
            : throw WrongType(column, "a DateTimeOffset, a DateTime of kind Utc or Local, or a FlussTimestamp");
    }

    public sealed override Int128 GetUnscaledDecimal(int column, int precision, int scale)
    {
        object value = Value(column)!;
        return ObjectNumbers.Scale(value, scale, out Int128 unscaled) switch
        {
            ScaledDecimal.Exact => unscaled,
            ScaledDecimal.TooManyDigits => throw ValueErrors.TooManyDigits(PlaceOf(column), TypeOf(column), value),
            ScaledDecimal.TooLarge => throw ValueErrors.OutOfRange(PlaceOf(column), TypeOf(column), value),
            _ => throw WrongType(column, "a decimal, a SqlDecimal, a BigInteger or an integer"),
        };
    }

    public sealed override ReadOnlySpan<byte> GetBytes(int column)
    {
        object value = Value(column)!;
        FlussType type = TypeOf(column);
        if (type.Kind is FlussTypeKind.Binary or FlussTypeKind.Bytes)
        {
            return value switch
            {
                byte[] array => array,
                ReadOnlyMemory<byte> memory => memory.Span,
                Memory<byte> memory => memory.Span,
                ArraySegment<byte> segment => segment,
                _ => throw WrongType(column, "a byte[] or a ReadOnlyMemory<byte>"),
            };
        }

        if (value is char character)
        {
            return Text(new ReadOnlySpan<char>(in character), column);
        }

        return value switch
        {
            string text => Text(text, column),
            char[] characters => Text(characters, column),
            ReadOnlyMemory<char> memory => Text(memory.Span, column),
            _ => throw WrongType(column, "a string"),
        };
    }

    public sealed override FlussRow GetNested(int column, out int count)
    {
        int slot = NestedSlot(column);
        if (slot >= _nested.Length)
        {
            Array.Resize(ref _nested, slot + 1);
        }

        NestedRows nested = _nested[slot] ??= NestedRows.Create(Table, PathOf(column), TypeOf(column));
        return nested.Set(Value(column)!, out count) ?? throw WrongType(column, nested.Expected);
    }

    protected abstract object? Value(int column);

    protected abstract FlussType TypeOf(int column);

    protected abstract string PathOf(int column);

    /// <summary>Which of the nested rows serves a column: columns of one type share one.</summary>
    protected abstract int NestedSlot(int column);

    private long Integer(object value, int column)
    {
        if (!ObjectNumbers.TryInteger(value, out Int128 integer, out bool fits))
        {
            throw WrongType(column, "an integer");
        }

        return fits && integer == (long)integer ? (long)integer : throw ValueErrors.OutOfRange(PlaceOf(column), TypeOf(column), value);
    }

    private ReadOnlySpan<byte> Text(scoped ReadOnlySpan<char> text, int column)
        => _text.TryEncode(text, out ReadOnlySpan<byte> bytes) ? bytes : throw ValueErrors.NotUtf8(PlaceOf(column), TypeOf(column));

    private string PlaceOf(int column) => ValueErrors.Place(Table, PathOf(column));

    private ArgumentException WrongType(int column, string expected) => ValueErrors.WrongType(PlaceOf(column), TypeOf(column), Value(column)!.GetType(), expected);
}
