using System.Reflection;
using FlussLake.Client.Write.Rows;

namespace FlussLake.Data.BulkCopy;

/// <summary>
/// One column of the source of a copy. <see cref="Fetch"/> takes the value of the current row; what is asked for until the next row is that value. The common types come without
/// boxing; for the others, and for conversions out of the ordinary, the value is asked for as an object.
/// </summary>
internal abstract class SourceColumn
{
    private static readonly Type[] s_typed =
    [
        typeof(bool), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(float), typeof(double), typeof(decimal),
        typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
    ];

    private static readonly MethodInfo s_create = typeof(IColumnFactory).GetMethod(nameof(IColumnFactory.Create))!;

    /// <summary>A column whose values have a type; any type that has no fast path of its own comes as object.</summary>
    public static SourceColumn Create(Type type, IColumnFactory factory) =>
        (SourceColumn)s_create.MakeGenericMethod(s_typed.Contains(type) ? type : typeof(object)).Invoke(factory, null)!;

    /// <summary>Takes the value of the current row; false where it is null.</summary>
    public abstract bool Fetch();

    public virtual bool TryBoolean(out bool value)
    {
        value = false;
        return false;
    }

    public virtual bool TryInt64(out long value)
    {
        value = 0;
        return false;
    }

    public virtual bool TryDouble(out double value)
    {
        value = 0;
        return false;
    }

    public virtual bool TryDays(out long days)
    {
        days = 0;
        return false;
    }

    public virtual bool TryNanosecondsOfDay(out long nanoseconds)
    {
        nanoseconds = 0;
        return false;
    }

    public virtual bool TryClock(out (long Milliseconds, int Nanoseconds) clock)
    {
        clock = default;
        return false;
    }

    public virtual bool TryInstant(out (long Milliseconds, int Nanoseconds) instant)
    {
        instant = default;
        return false;
    }

    public virtual ScaledDecimal Scale(int scale, out Int128 unscaled)
    {
        unscaled = 0;
        return ScaledDecimal.NotANumber;
    }

    /// <summary>The value as an object.</summary>
    public abstract object Value();
}
