using Apache.Arrow.Types;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write;

/// <summary>What is said of values that cannot be written. Each message names the column, its table and the value; the row that holds the value is not written.</summary>
internal static class ValueErrors
{
    private const int LongestValue = 100;

    /// <summary>How messages name a column or a nested field.</summary>
    public static string Place(TablePath table, string path) => $"column '{path}' of table {table}";

    public static ArgumentException Null(string place, FlussType type)
        => new($"NULL cannot be written to {place}: its type is {type}.");

    public static ArgumentException OutOfRange(string place, FlussType type, object value)
        => new($"The value {Shorten(value)} cannot be written to {place}: it is outside of the range of {type}.");

    public static ArgumentException WrongLength(string place, FlussType type, int length)
        => new($"A value of {length} bytes cannot be written to {place}: its type is {type}, which takes exactly {type.Length} bytes.");

    public static ArgumentException TooLong(string place, FlussType type, long length)
        => new($"A text of {length} characters cannot be written to {place}: its type is {type}.");

    public static ArgumentException NotUtf8(string place, FlussType type)
        => new($"A text that is not valid Unicode cannot be written to {place}, whose type is {type}: its bytes are no UTF-8, or a half of a surrogate pair stands alone.");

    public static ArgumentException TooFine(string place, FlussType type, object value)
        => new($"The value {Shorten(value)} cannot be written to {place}: Fluss keeps only milliseconds of {type}. Cut the value to milliseconds.");

    public static ArgumentException TooManyDigits(string place, FlussType type, object value)
        => new($"The value {Shorten(value)} cannot be written to {place}: it has more fractional digits than {type}. Round it first.");

    public static ArgumentException WrongType(string place, FlussType type, Type given, string expected)
        => new($"A value of the .NET type {given} cannot be written to {place}, whose type is {type}: give {expected}.");

    public static ArgumentException WrongArrowType(string place, FlussType type, IArrowType given)
        => new($"A column of the Arrow type {given.Name} cannot be written to {place}: its type is {type}.");

    public static ArgumentException Unspecified(string place, FlussType type, DateTime value)
        => new($"The value {value:O} cannot be written to {place}: {type} is an instant, and a DateTime of kind Unspecified is none. Give a DateTimeOffset, or a DateTime of kind Utc or Local.");

    public static ArgumentException WrongCount(string place, FlussType type, int given, int expected)
        => new($"A row of {given} values cannot be written to {place}: {type} has {expected} fields.");

    public static ArgumentException UnknownField(string place, FlussType type, string field)
        => new($"A row with a field '{field}' cannot be written to {place}: {type} has no such field.");

    public static ArgumentException RepeatedKey(string place, FlussType type, int one, int other)
        => new($"A map whose entries {one} and {other} have the same key cannot be written to {place}: its type is {type}. Give each key once.");

    public static ArgumentException ShortColumn(string place, int given, int expected)
        => new($"An Arrow column of {given} values in a batch of {expected} rows cannot be written to {place}.");

    public static ArgumentException RowTooLarge(TablePath table, long bytes, int most)
        => new($"A row of {bytes} bytes cannot be written to table {table}: servers take {most} bytes of a batch at the most.");

    public static ArgumentException TooMuch(string place)
        => new($"The values of {place} are too many bytes for one batch: a batch holds less than 2 GiB of a column.");

    public static FlussException UnsupportedType(string place, FlussType type)
        => new($"The Fluss type {type} of {place} cannot be written to an ARROW log.", FlussErrorCode.UnsupportedVersion);

    private static string Shorten(object value)
    {
        string text = FormattableString.Invariant($"{value}");
        return text.Length <= LongestValue ? text : string.Concat(text.AsSpan(0, LongestValue), "…");
    }
}
