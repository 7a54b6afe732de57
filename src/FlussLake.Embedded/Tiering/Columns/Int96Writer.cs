using System.Buffers.Binary;
using FlussLake.Client.Log.Arrow;
using FlussLake.Embedded.Parquet;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>
/// Timestamps of precision 7 to 9, in nanoseconds: the nanoseconds of the day in 64 bits, then the Julian day in 32. Day and nanoseconds before 1970 are Paimon's, counted toward 1970
/// from whole milliseconds: what a reader makes of the digits that it drops depends on it, and must not change where a table is tiered by this server and by others.
/// </summary>
internal sealed unsafe class Int96Writer(ParquetColumn target) : LeafWriter(target)
{
    private const int Size = 12;
    private const int JulianDayOfEpoch = 2_440_588;
    private const long MillisecondsPerDay = 86_400_000;
    private const long NanosecondsPerMillisecond = 1_000_000;

    protected override void Append(in DecodedColumn column, long first, int count)
    {
        Span<byte> bytes = Target.Reserve(count * Size);
        for (int i = 0; i < count; i++)
        {
            long milliseconds = Math.DivRem(((long*)column.Data)[first + i], NanosecondsPerMillisecond, out long nanoseconds);
            if (nanoseconds < 0)
            {
                milliseconds--;
                nanoseconds += NanosecondsPerMillisecond;
            }

            long days = Math.DivRem(milliseconds, MillisecondsPerDay, out long ofDay);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[(i * Size)..], (ofDay * NanosecondsPerMillisecond) + nanoseconds);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[((i * Size) + sizeof(long))..], (int)days + JulianDayOfEpoch);
        }

        Target.Advance(count * Size);
    }
}
