using System.Numerics;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>TIME in the unit of its precision: 32 bits for seconds and milliseconds, 64 for micro- and nanoseconds. See <see cref="TimeUnits"/> for finer digits.</summary>
internal sealed class TimeColumnWriter<T>(string place, FlussType type) : FixedWidthColumnWriter<T>(place, type)
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly long _unit = TimeUnits.NanosecondsPerUnit(type.Precision);

    protected override T Read(FlussRow row, int column)
        => T.CreateTruncating(TimeUnits.Milliseconds(row.GetInt64(column), Place, Type) * TimeUnits.NanosecondsPerMillisecond / _unit);
}
