using System.Globalization;

namespace FlussLake.Data.Instances;

/// <summary>Sizes in connection strings: a number of bytes, or a number with a unit.</summary>
internal static class ByteSize
{
    private static readonly (string Unit, long Bytes)[] s_units =
    [
        ("KIB", 1L << 10), ("MIB", 1L << 20), ("GIB", 1L << 30), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1),
    ];

    /// <summary>Reads a size of at least one byte.</summary>
    /// <exception cref="ArgumentException">The text is no size; the message names the key.</exception>
    public static long Parse(string key, string text)
    {
        string number = text.Trim().ToUpperInvariant();
        long unit = 1;
        foreach ((string name, long bytes) in s_units)
        {
            if (number.EndsWith(name, StringComparison.Ordinal))
            {
                number = number[..^name.Length].TrimEnd();
                unit = bytes;
                break;
            }
        }

        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value > 0 && value <= long.MaxValue / unit
            ? value * unit
            : throw new ArgumentException(Messages.BadValue(key, text, "it is a size such as 67108864, 64MB or 64MiB"));
    }
}
