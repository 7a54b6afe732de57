using FlussLake.Client.Write.Rows;

namespace FlussLake.Data.BulkCopy;

/// <summary>A column of values of one type. The compiler of the runtime keeps, of each method, the line of that type alone.</summary>
internal sealed class SourceColumn<TValue>(SourceColumn<TValue>.Getter get) : SourceColumn
{
    private TValue _value = default!;

    /// <summary>The value of the current row; false where it is null.</summary>
    internal delegate bool Getter(out TValue value);

    public override bool Fetch() => get(out _value);

    public override bool TryBoolean(out bool value)
    {
        bool fits = typeof(TValue) == typeof(bool);
        value = fits && (bool)(object)_value!;
        return fits;
    }

    public override bool TryInt64(out long value)
    {
        long? integer = typeof(TValue) == typeof(long) ? (long)(object)_value!
            : typeof(TValue) == typeof(int) ? (int)(object)_value!
            : typeof(TValue) == typeof(short) ? (short)(object)_value!
            : typeof(TValue) == typeof(sbyte) ? (sbyte)(object)_value!
            : typeof(TValue) == typeof(byte) ? (byte)(object)_value!
            : typeof(TValue) == typeof(ushort) ? (ushort)(object)_value!
            : typeof(TValue) == typeof(uint) ? (uint)(object)_value!
            : null;
        value = integer.GetValueOrDefault();
        return integer.HasValue;
    }

    public override bool TryDouble(out double value)
    {
        double? number = typeof(TValue) == typeof(double) ? (double)(object)_value!
            : typeof(TValue) == typeof(float) ? (float)(object)_value!
            : TryInt64(out long integer) ? integer
            : null;
        value = number.GetValueOrDefault();
        return number.HasValue;
    }

    public override bool TryDays(out long days)
    {
        days = typeof(TValue) == typeof(DateOnly) ? ObjectTimes.Days((DateOnly)(object)_value!) : 0;
        return typeof(TValue) == typeof(DateOnly) || (typeof(TValue) == typeof(DateTime) && ObjectTimes.TryDays((DateTime)(object)_value!, out days));
    }

    public override bool TryNanosecondsOfDay(out long nanoseconds)
    {
        nanoseconds = typeof(TValue) == typeof(TimeOnly) ? ObjectTimes.NanosecondsOfDay(((TimeOnly)(object)_value!).ToTimeSpan())
            : typeof(TValue) == typeof(TimeSpan) ? ObjectTimes.NanosecondsOfDay((TimeSpan)(object)_value!)
            : 0;
        return typeof(TValue) == typeof(TimeOnly) || typeof(TValue) == typeof(TimeSpan);
    }

    public override bool TryClock(out (long Milliseconds, int Nanoseconds) clock)
    {
        clock = typeof(TValue) == typeof(DateTime) ? ObjectTimes.Clock((DateTime)(object)_value!) : default;
        return typeof(TValue) == typeof(DateTime);
    }

    public override bool TryInstant(out (long Milliseconds, int Nanoseconds) instant)
    {
        instant = typeof(TValue) == typeof(DateTimeOffset) ? ObjectTimes.Instant((DateTimeOffset)(object)_value!) : default;
        return typeof(TValue) == typeof(DateTimeOffset)
            || (typeof(TValue) == typeof(DateTime) && ObjectTimes.TryInstant((DateTime)(object)_value!, TimeZoneInfo.Local, out instant));
    }

    public override ScaledDecimal Scale(int scale, out Int128 unscaled)
    {
        unscaled = 0;
        return typeof(TValue) == typeof(decimal) ? ObjectNumbers.Scale((decimal)(object)_value!, scale, out unscaled)
            : TryInt64(out long integer) ? ObjectNumbers.Scale(integer, 0, scale, out unscaled)
            : ScaledDecimal.NotANumber;
    }

    public override object Value() => _value!;
}
