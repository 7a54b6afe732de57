using System.Data.Common;
using FlussLake.Client.Write.Rows;

namespace FlussLake.Data.BulkCopy;

/// <summary>
/// A column of a reader. The type is asked for at each value: in SQLite each value has its own, and a value that is asked for in the type of another one is converted,
/// with a loss and without a word. A reader that gives other values than it says is asked for objects.
/// </summary>
internal sealed class ReaderColumn(DbDataReader reader, int ordinal) : SourceColumn, IColumnFactory
{
    private readonly Dictionary<Type, SourceColumn> _typed = [];
    private Type? _type;
    private SourceColumn _current = null!;

    public override bool Fetch()
    {
        if (reader.IsDBNull(ordinal))
        {
            return false;
        }

        Type type = reader.GetFieldType(ordinal) ?? typeof(object);
        if (type != _type)
        {
            _current = Typed(type);
            _type = type;
        }

        try
        {
            return _current.Fetch();
        }
        catch (InvalidCastException)
        {
            _typed[type] = _current = Typed(typeof(object));
            return _current.Fetch();
        }
    }

    public override bool TryBoolean(out bool value) => _current.TryBoolean(out value);

    public override bool TryInt64(out long value) => _current.TryInt64(out value);

    public override bool TryDouble(out double value) => _current.TryDouble(out value);

    public override bool TryDays(out long days) => _current.TryDays(out days);

    public override bool TryNanosecondsOfDay(out long nanoseconds) => _current.TryNanosecondsOfDay(out nanoseconds);

    public override bool TryClock(out (long Milliseconds, int Nanoseconds) clock) => _current.TryClock(out clock);

    public override bool TryInstant(out (long Milliseconds, int Nanoseconds) instant) => _current.TryInstant(out instant);

    public override ScaledDecimal Scale(int scale, out Int128 unscaled) => _current.Scale(scale, out unscaled);

    public override object Value() => _current.Value();

    SourceColumn IColumnFactory.Create<TValue>() => new SourceColumn<TValue>(TryGet);

    private SourceColumn Typed(Type type)
    {
        if (!_typed.TryGetValue(type, out SourceColumn? typed))
        {
            typed = type == typeof(decimal) ? new DecimalColumn(reader, ordinal) : Create(type, this);
            _typed.Add(type, typed);
        }

        return typed;
    }

    private bool TryGet<TValue>(out TValue value)
    {
        value = typeof(TValue) == typeof(object) ? (TValue)reader.GetValue(ordinal) : reader.GetFieldValue<TValue>(ordinal);
        return true;
    }
}
