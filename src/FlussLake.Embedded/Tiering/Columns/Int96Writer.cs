using System.Buffers.Binary;
using FlussLake.Client.Log.Arrow;
using FlussLake.Embedded.Parquet;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>
/// Timestamps of precision 7 to 9, in nanoseconds: the nanoseconds of the day in 64 bits, then the Julian day in 32. Before 1970 too the nanoseconds count up from
/// midnight, as readers of the format expect it.
/// </summary>
internal sealed unsafe class Int96Writer(ParquetColumn target) : LeafWriter(target)
{
    private const int Size = 12;
    private const int JulianDayOfEpoch = 2_440_588;
    private const long NanosecondsPerDay = 86_400_000_000_000;

    protected override void Append(in DecodedColumn column, long first, int count)
    {
        Span<byte> bytes = Target.Reserve(count * Size);
        for (int i = 0; i < count; i++)
        {
            long days = Math.DivRem(((long*)column.Data)[first + i], NanosecondsPerDay, out long ofDay);
            if (ofDay < 0)
            {
                days--;
                ofDay += NanosecondsPerDay;
            }

            BinaryPrimitives.WriteInt64LittleEndian(bytes[(i * Size)..], ofDay);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[((i * Size) + sizeof(long))..], (int)days + JulianDayOfEpoch);
        }

        Target.Advance(count * Size);
    }
}
