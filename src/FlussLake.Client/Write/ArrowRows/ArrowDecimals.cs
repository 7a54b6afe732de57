using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using FlussLake.Client.Metadata;
using FlussLake.Client.Write.Rows;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>Decimals of 32 to 256 bits, whose scale may be another one than the column's.</summary>
internal sealed class ArrowDecimals(int scaleOfArray, string place, FlussType type) : ArrowColumn
{
    private FixedSizeBinaryArray? _array;

    public override void Set(IArrowArray array)
    {
        base.Set(array);
        _array = (FixedSizeBinaryArray)array;
    }

    public override Int128 GetUnscaledDecimal(int index, int precision, int scale)
    {
        ReadOnlySpan<byte> bytes = _array!.GetBytes(index);
        Int128 value = bytes.Length switch
        {
            4 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            8 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            _ => BinaryPrimitives.ReadInt128LittleEndian(bytes),
        };
        if (bytes.Length > 16 && BinaryPrimitives.ReadInt128LittleEndian(bytes[16..]) != (value < 0 ? -1 : 0))
        {
            throw ValueErrors.OutOfRange(place, type, "0x" + Convert.ToHexString(bytes));
        }

        return ObjectNumbers.Scale(value, scaleOfArray, scale, out Int128 unscaled) switch
        {
            ScaledDecimal.Exact => unscaled,
            ScaledDecimal.TooManyDigits => throw ValueErrors.TooManyDigits(place, type, $"{value}E-{scaleOfArray}"),
            _ => throw ValueErrors.OutOfRange(place, type, $"{value}E-{scaleOfArray}"),
        };
    }
}
