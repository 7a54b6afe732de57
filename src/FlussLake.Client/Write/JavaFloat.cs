using System.Globalization;

namespace FlussLake.Client.Write;

/// <summary>
/// FLOAT and DOUBLE as Java prints them, with <c>_</c> for the point: the shortest digits, but of two digits those that are nearest. Java before 19 prints a few values with
/// more digits than they need (3.25E10 as 3.25000008E10); its names of such partitions differ from those of newer ones, and from the ones here.
/// </summary>
internal static class JavaFloat
{
    private const string TwoDigits = "E1";
    private const string Shortest = "R";

    public static int Write(float value, Span<char> target)
    {
        Span<char> digits = stackalloc char[64];
        if (!value.TryFormat(digits, out int length, TwoDigits, CultureInfo.InvariantCulture)
            || !float.TryParse(digits[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out float parsed) || parsed != value)
        {
            value.TryFormat(digits, out length, Shortest, CultureInfo.InvariantCulture);
        }

        return Write(value, digits[..length], target);
    }

    public static int Write(double value, Span<char> target)
    {
        Span<char> digits = stackalloc char[64];
        if (!value.TryFormat(digits, out int length, TwoDigits, CultureInfo.InvariantCulture)
            || !double.TryParse(digits[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) || parsed != value)
        {
            value.TryFormat(digits, out length, Shortest, CultureInfo.InvariantCulture);
        }

        return Write(value, digits[..length], target);
    }

    private static int Write(double value, ReadOnlySpan<char> shortest, Span<char> target)
    {
        if (!double.IsFinite(value))
        {
            string name = double.IsNaN(value) ? "NaN" : value > 0 ? "Inf" : "-Inf";
            name.CopyTo(target);
            return name.Length;
        }

        Span<char> digits = stackalloc char[64];
        int count = Digits(shortest, digits, out int exponent);
        int written = 0;
        if (double.IsNegative(value))
        {
            target[written++] = '-';
        }

        // Java: plain from 0.001 to below 10,000,000, with at least one digit on both sides of the point; one digit before the point and an exponent otherwise.
        bool plain = count == 0 || exponent is >= -3 and < 7;
        int point = plain ? exponent + 1 : 1;
        if (count == 0)
        {
            point = 1;
        }

        for (int i = Math.Min(0, point - 1); i < Math.Max(count, point + 1); i++)
        {
            if (i == point)
            {
                target[written++] = '_';
            }

            target[written++] = i >= 0 && i < count ? digits[i] : '0';
        }

        if (!plain)
        {
            target[written++] = 'E';
            exponent.TryFormat(target[written..], out int length, default, CultureInfo.InvariantCulture);
            written += length;
        }

        return written;
    }

    /// <summary>The significant digits of a number, and the power of ten of the first one; none for zero.</summary>
    private static int Digits(ReadOnlySpan<char> text, Span<char> digits, out int exponent)
    {
        int scientific = text.IndexOf('E');
        exponent = scientific < 0 ? 0 : int.Parse(text[(scientific + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        ReadOnlySpan<char> mantissa = (scientific < 0 ? text : text[..scientific]).TrimStart('-');
        int point = mantissa.IndexOf('.');
        exponent += (point < 0 ? mantissa.Length : point) - 1;
        int count = 0;
        foreach (char digit in mantissa)
        {
            if (digit == '.')
            {
                continue;
            }

            if (count == 0 && digit == '0')
            {
                exponent--;
                continue;
            }

            digits[count++] = digit;
        }

        while (count > 0 && digits[count - 1] == '0')
        {
            count--;
        }

        return count;
    }
}
