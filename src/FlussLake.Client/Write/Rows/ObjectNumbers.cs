using System.Data.SqlTypes;
using System.Numerics;

namespace FlussLake.Client.Write.Rows;

/// <summary>Numbers of .NET as Fluss takes them; nothing is rounded but what FLOAT and DOUBLE cannot hold.</summary>
internal static class ObjectNumbers
{
    private const int MostDigits = 38;

    /// <summary>An integer of any type; <paramref name="fits"/> is false for one beyond 128 bits.</summary>
    public static bool TryInteger(object value, out Int128 integer, out bool fits)
    {
        fits = true;
        integer = 0;
        switch (value)
        {
            case int number:
                integer = number;
                return true;
            case long number:
                integer = number;
                return true;
            case short number:
                integer = number;
                return true;
            case sbyte number:
                integer = number;
                return true;
            case byte number:
                integer = number;
                return true;
            case ushort number:
                integer = number;
                return true;
            case uint number:
                integer = number;
                return true;
            case ulong number:
                integer = number;
                return true;
            case Int128 number:
                integer = number;
                return true;
            case UInt128 number:
                fits = number <= (UInt128)Int128.MaxValue;
                integer = fits ? (Int128)number : 0;
                return true;
            case BigInteger number:
                fits = number >= (BigInteger)Int128.MinValue && number <= (BigInteger)Int128.MaxValue;
                integer = fits ? (Int128)number : 0;
                return true;
            default:
                return false;
        }
    }

    /// <summary>A floating-point number, or an integer.</summary>
    public static bool TryDouble(object value, out double number)
    {
        switch (value)
        {
            case double wide:
                number = wide;
                return true;
            case float narrow:
                number = narrow;
                return true;
            case Half half:
                number = (double)half;
                return true;
            default:
                bool isInteger = TryInteger(value, out Int128 integer, out bool fits) && fits;
                number = (double)integer;
                return isInteger;
        }
    }

    /// <summary>A number without its point, at a scale.</summary>
    public static ScaledDecimal Scale(object value, int scale, out Int128 unscaled)
    {
        switch (value)
        {
            case decimal number:
                Span<int> bits = stackalloc int[4];
                decimal.GetBits(number, bits);
                Int128 digits = new((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
                return Scale(bits[3] < 0 ? -digits : digits, (bits[3] >> 16) & 0xFF, scale, out unscaled);
            case SqlDecimal { IsNull: false } number:
                return Scale(number, scale, out unscaled);
            default:
                unscaled = 0;
                return !TryInteger(value, out Int128 integer, out bool fits) ? ScaledDecimal.NotANumber
                    : fits ? Scale(integer, 0, scale, out unscaled)
                    : ScaledDecimal.TooLarge;
        }
    }

    private static ScaledDecimal Scale(SqlDecimal number, int scale, out Int128 unscaled)
    {
        int[] words = number.Data;
        UInt128 digits = new(((ulong)(uint)words[3] << 32) | (uint)words[2], ((ulong)(uint)words[1] << 32) | (uint)words[0]);
        return Scale(number.IsPositive ? (Int128)digits : -(Int128)digits, number.Scale, scale, out unscaled);
    }

    /// <summary>Brings a number without its point from one scale to another.</summary>
    public static ScaledDecimal Scale(Int128 digits, int from, int to, out Int128 unscaled)
    {
        unscaled = digits;
        for (int i = to; i < from && unscaled != 0; i++)
        {
            (Int128 quotient, Int128 rest) = Int128.DivRem(unscaled, 10);
            if (rest != 0)
            {
                return ScaledDecimal.TooManyDigits;
            }

            unscaled = quotient;
        }

        if (from < to)
        {
            Int128 factor = PowersOfTen.Int128(Math.Min(to - from, MostDigits));
            Int128 limit = PowersOfTen.Int128(MostDigits) / factor;
            if (unscaled >= limit || unscaled <= -limit)
            {
                return ScaledDecimal.TooLarge;
            }

            unscaled *= factor;
        }

        return ScaledDecimal.Exact;
    }
}
