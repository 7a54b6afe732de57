using System.Numerics;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>TINYINT, SMALLINT, INT, BIGINT, and DATE in days.</summary>
internal sealed class IntegerColumnWriter<T>(string place, FlussType type) : FixedWidthColumnWriter<T>(place, type)
    where T : unmanaged, IBinaryInteger<T>
{
    protected override T Read(FlussRow row, int column)
    {
        long value = row.GetInt64(column);
        T stored = T.CreateTruncating(value);
        return long.CreateTruncating(stored) == value ? stored : throw ValueErrors.OutOfRange(Place, Type, value);
    }
}
