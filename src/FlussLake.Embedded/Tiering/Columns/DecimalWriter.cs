using System.Buffers.Binary;
using FlussLake.Client.Log.Arrow;
using FlussLake.Embedded.Parquet;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>DECIMAL: the unscaled value in 32 or 64 bits where its digits fit, else big-endian in as few bytes as the precision needs.</summary>
internal sealed unsafe class DecimalWriter(ParquetColumn target) : LeafWriter(target)
{
    /// <summary>The fewest bytes that hold every unscaled value of a precision.</summary>
    public static int BytesOf(int precision)
    {
        Int128 largest = 1;
        for (int i = 0; i < precision; i++)
        {
            largest *= 10;
        }

        int bytes = 1;
        while (bytes < 16 && Int128.One << ((8 * bytes) - 1) < largest)
        {
            bytes++;
        }

        return bytes;
    }

    protected override void Append(in DecodedColumn column, long first, int count)
    {
        Int128* values = (Int128*)column.Data;
        for (long slot = first; slot < first + count; slot++)
        {
            Int128 value = values[slot];
            switch (Node.Type)
            {
                case ParquetType.Int32:
                    Target.AppendInt32((int)value);
                    break;
                case ParquetType.Int64:
                    Target.AppendInt64((long)value);
                    break;
                default:
                    AppendBigEndian(value);
                    break;
            }
        }
    }

    private void AppendBigEndian(Int128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt128BigEndian(bytes, value);
        bytes[^Node.TypeLength..].CopyTo(Target.Reserve(Node.TypeLength));
        Target.Advance(Node.TypeLength);
    }
}
