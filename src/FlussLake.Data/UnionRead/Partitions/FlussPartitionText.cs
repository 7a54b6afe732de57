using System.Globalization;
using FlussLake.Client.Metadata;
using FlussLake.Client.Write;

namespace FlussLake.Data.UnionRead.Partitions;

/// <summary>
/// Reads the values in the names of Fluss's partitions, as <see cref="PartitionText"/> writes them. Only texts that rows of the partition can have written are taken for their value:
/// a name may be made by hand, and the Java client makes names of digits that its rows do not keep.
/// </summary>
internal static class FlussPartitionText
{
    // Those of TIMESTAMP_NS: 64 bits of nanoseconds.
    private const int FirstNanosecondYear = 1678;
    private const int LastNanosecondYear = 2261;

    /// <summary>Gives the text of <see cref="PartitionConstant"/>; false where the rows have to tell the value.</summary>
    public static bool TryRead(FlussType type, string name, out string text)
    {
        string? read = type.Kind switch
        {
            FlussTypeKind.Boolean => name is "true" or "false" ? name : null,
            FlussTypeKind.TinyInt => Integer(name, sbyte.MinValue, sbyte.MaxValue),
            FlussTypeKind.SmallInt => Integer(name, short.MinValue, short.MaxValue),
            FlussTypeKind.Int => Integer(name, int.MinValue, int.MaxValue),
            FlussTypeKind.BigInt => Integer(name, long.MinValue, long.MaxValue),
            FlussTypeKind.Char or FlussTypeKind.String => name,
            FlussTypeKind.Binary => name.Length == 2 * type.Length ? Hex(name) : null,
            FlussTypeKind.Bytes => Hex(name),
            FlussTypeKind.Float => Float(name),
            FlussTypeKind.Double => Double(name),
            FlussTypeKind.Date => DateOnly.TryParseExact(name, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? name : null,
            FlussTypeKind.Time => Time(name, type.Precision),
            FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz => Timestamp(name, type.Precision),
            _ => null,
        };
        text = read ?? string.Empty;
        return read is not null;
    }

    /// <summary>Whether a timestamp of more than six digits can be had as TIMESTAMP_NS.</summary>
    public static bool HasNanoseconds(int year) => year is >= FirstNanosecondYear and <= LastNanosecondYear;

    private static string? Integer(string name, long least, long most) =>
        long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most
        && value.ToString(CultureInfo.InvariantCulture) == name ? name : null;

    private static string? Hex(string name) => name.Length % 2 == 0 && name.All(char.IsAsciiHexDigitLower) ? name : null;

    private static string? Float(string name)
    {
        Span<char> written = stackalloc char[64];
        return float.TryParse(Number(name), NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
            && written[..JavaFloat.Write(value, written)].SequenceEqual(name) ? value.ToString("R", CultureInfo.InvariantCulture) : null;
    }

    private static string? Double(string name)
    {
        Span<char> written = stackalloc char[64];
        return double.TryParse(Number(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && written[..JavaFloat.Write(value, written)].SequenceEqual(name) ? value.ToString("R", CultureInfo.InvariantCulture) : null;
    }

    private static string Number(string name) => name switch
    {
        "Inf" => "Infinity",
        "-Inf" => "-Infinity",
        _ => name.Replace('_', '.'),
    };

    private static string? Time(string name, int precision) =>
        TimeOnly.TryParseExact(name, "HH-mm-ss_fff", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time) && (precision > 0 || time.Millisecond == 0)
            ? time.ToString("HH:mm:ss.FFF", CultureInfo.InvariantCulture)
            : null;

    private static string? Timestamp(string name, int precision)
    {
        const int SecondsEnd = 19;
        if (name.Length <= SecondsEnd || name[SecondsEnd] != '_'
            || !DateTime.TryParseExact(name[..SecondsEnd], "yyyy-MM-dd-HH-mm-ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime seconds))
        {
            return null;
        }

        string fraction = name[(SecondsEnd + 1)..];
        int kept = precision switch
        {
            0 => 0,
            <= 3 => 3,
            <= 6 => 6,
            _ => 9,
        };
        if (fraction.Length > kept || !fraction.All(char.IsAsciiDigit) || fraction.EndsWith('0') || (kept == 9 && !HasNanoseconds(seconds.Year)))
        {
            return null;
        }

        string text = seconds.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return fraction.Length == 0 ? text : $"{text}.{fraction}";
    }
}
