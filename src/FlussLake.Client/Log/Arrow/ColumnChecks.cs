using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace FlussLake.Client.Log.Arrow;

/// <summary>
/// What must hold of decoded buffers before anybody follows their offsets or formats their values. All run over whole buffers; only where a value looks wrong and the
/// column has nulls is each slot looked at, because what lies under a null means nothing. Compiled fully at the first call: a query is over before the runtime finds out what is hot.
/// </summary>
internal static unsafe class ColumnChecks
{
    /// <summary>Whether offsets start at 0 or later, never fall, and end at <paramref name="limit"/> or earlier.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool OffsetsAreValid(int* offsets, long length, long limit)
    {
        if (offsets[0] < 0 || offsets[length] > limit)
        {
            return false;
        }

        long i = 0;
        for (; i <= length - Vector<int>.Count; i += Vector<int>.Count)
        {
            if (Vector.GreaterThanAny(Vector.Load(offsets + i), Vector.Load(offsets + i + 1)))
            {
                return false;
            }
        }

        for (; i < length; i++)
        {
            if (offsets[i] > offsets[i + 1])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The number of zeros among the first <paramref name="length"/> bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long CountNulls(byte* validity, long length)
    {
        // Buffers are aligned and padded, so whole words may be read.
        ulong* words = (ulong*)validity;
        long whole = length / 64;
        long ones = 0;
        for (long i = 0; i < whole; i++)
        {
            ones += BitOperations.PopCount(words[i]);
        }

        int rest = (int)(length % 64);
        if (rest != 0)
        {
            ones += BitOperations.PopCount(words[whole] & ((1UL << rest) - 1));
        }

        return length - ones;
    }

    /// <summary>Whether every string is UTF-8. The offsets must have been checked before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TextIsValid(int* offsets, long length, byte* data)
    {
        int start = offsets[0];
        int end = offsets[length];
        ReadOnlySpan<byte> text = new(data + start, end - start);
        if (Ascii.IsValid(text))
        {
            return true;
        }

        if (!Utf8.IsValid(text))
        {
            return false;
        }

        // The whole is valid; a string of it is too unless it starts inside of a character.
        for (long i = 1; i < length; i++)
        {
            if (offsets[i] < end && (data[offsets[i]] & 0xC0) == 0x80)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether times are from 0 to below <paramref name="limit"/>, the units of a day.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TimesAreValid(uint* values, long length, uint limit, byte* validity)
    {
        Vector<uint> limits = new(limit);
        long i = 0;
        for (; i <= length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            if (Vector.GreaterThanOrEqualAny(Vector.Load(values + i), limits))
            {
                break;
            }
        }

        for (; i < length; i++)
        {
            if (values[i] >= limit && !IsNull(validity, i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether times are from 0 to below <paramref name="limit"/>, the units of a day.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TimesAreValid(ulong* values, long length, ulong limit, byte* validity)
    {
        Vector<ulong> limits = new(limit);
        long i = 0;
        for (; i <= length - Vector<ulong>.Count; i += Vector<ulong>.Count)
        {
            if (Vector.GreaterThanOrEqualAny(Vector.Load(values + i), limits))
            {
                break;
            }
        }

        for (; i < length; i++)
        {
            if (values[i] >= limit && !IsNull(validity, i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether decimals of 128 bits have no more than <paramref name="precision"/> digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool DecimalsAreValid(Int128* values, long length, int precision, byte* validity)
    {
        if (precision <= 18)
        {
            long largest = (long)PowerOfTen(precision) - 1;
            long* halves = (long*)values;
            for (long i = 0; i < length; i++)
            {
                long low = halves[i * 2];
                if ((halves[(i * 2) + 1] != low >> 63 || (ulong)(low + largest) > (ulong)largest * 2) && !IsNull(validity, i))
                {
                    return false;
                }
            }

            return true;
        }

        UInt128 most = PowerOfTen(precision) - 1;
        for (long i = 0; i < length; i++)
        {
            if ((UInt128)values[i] + most > most * 2 && !IsNull(validity, i))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNull(byte* validity, long index) => validity != null && (validity[index >> 3] & (1 << (int)(index & 7))) == 0;

    private static UInt128 PowerOfTen(int exponent)
    {
        UInt128 power = 1;
        for (int i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}
