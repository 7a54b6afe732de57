using System.Collections;
using System.Globalization;
using System.Numerics;
using FlussLake.Client.Metadata;

namespace FlussLake.Cluster.Tests.Rows;

/// <content>From what a reader's <c>GetValue</c> returns.</content>
internal static partial class Canonical
{
    /// <summary>
    /// The canonical text of a reader's value. A value of another CLR type than the column's type promises is an error. Where GetValue cannot hold all digits (TIMESTAMP
    /// above 7 digits, DECIMAL above 28), the statement casts to VARCHAR, so a text is accepted for these.
    /// </summary>
    public static string FromReader(object? value, FlussType type)
    {
        if (value is null or DBNull)
        {
            return Null;
        }

        return (type.Kind, value) switch
        {
            (FlussTypeKind.Boolean, bool flag) => flag ? "true" : "false",
            (FlussTypeKind.TinyInt, sbyte number) => number.ToString(CultureInfo.InvariantCulture),
            (FlussTypeKind.SmallInt, short number) => number.ToString(CultureInfo.InvariantCulture),
            (FlussTypeKind.Int, int number) => number.ToString(CultureInfo.InvariantCulture),
            (FlussTypeKind.BigInt, long number) => number.ToString(CultureInfo.InvariantCulture),
            (FlussTypeKind.Float, float number) => Bits(number),
            (FlussTypeKind.Double, double number) => Bits(number),
            (FlussTypeKind.Char or FlussTypeKind.String, string text) => Text(text),
            (FlussTypeKind.Binary or FlussTypeKind.Bytes, byte[] bytes) => "0x" + Convert.ToHexString(bytes),
            (FlussTypeKind.Binary or FlussTypeKind.Bytes, Stream stream) => "0x" + Convert.ToHexString(ReadAll(stream)),
            (FlussTypeKind.Decimal, decimal number) => Scaled(number.ToString(CultureInfo.InvariantCulture), type.Scale),
            (FlussTypeKind.Decimal, BigInteger number) => Scaled(number.ToString(CultureInfo.InvariantCulture), type.Scale),
            (FlussTypeKind.Decimal, string text) => Scaled(text, type.Scale),
            (FlussTypeKind.Date, DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            (FlussTypeKind.Time, TimeOnly time) => Clock(time.ToString("HH:mm:ss.fffffff", CultureInfo.InvariantCulture)),
            (FlussTypeKind.Timestamp, DateTime { Kind: DateTimeKind.Unspecified } time) => Moment(Digits(time)),
            (FlussTypeKind.Timestamp, string text) => Moment(text),
            (FlussTypeKind.TimestampLtz, DateTime { Kind: DateTimeKind.Utc } time) => Moment(Digits(time)) + "Z",
            (FlussTypeKind.TimestampLtz, DateTimeOffset { Offset.Ticks: 0 } time) => Moment(Digits(time.DateTime)) + "Z",
            (FlussTypeKind.TimestampLtz, string utc) => Moment(utc) + "Z",
            (FlussTypeKind.Array, IEnumerable elements) => "[" + string.Join(", ", elements.Cast<object?>().Select(element => FromReader(element, type.Element!))) + "]",
            (FlussTypeKind.Map, IDictionary map) => Entries(map.Cast<DictionaryEntry>().Select(entry => (FromReader(entry.Key, type.Key!), FromReader(entry.Value, type.Value!)))),
            (FlussTypeKind.Row, IDictionary fields) => "(" + string.Join(", ", type.Fields.Select(field => FromReader(fields[field.Name], field.Type))) + ")",
            (FlussTypeKind.Row, IEnumerable<KeyValuePair<string, object?>> fields) => FromFields(fields.ToDictionary(), type),
            _ => throw new NotSupportedException($"A reader gave a {value.GetType()} ({value}) for a column of {type}."),
        };
    }

    private static string FromFields(Dictionary<string, object?> fields, FlussType type) =>
        "(" + string.Join(", ", type.Fields.Select(field => FromReader(fields[field.Name], field.Type))) + ")";

    private static string Digits(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture);

    private static byte[] ReadAll(Stream stream)
    {
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
