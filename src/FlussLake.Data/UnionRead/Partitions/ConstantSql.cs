using System.Text;
using FlussLake.Client.Metadata;
using FlussLake.Data.Sql;

namespace FlussLake.Data.UnionRead.Partitions;

/// <summary>A partition key's value as an expression that DuckDB evaluates when it plans, so that an arm whose value cannot match is dropped.</summary>
internal static class ConstantSql
{
    /// <summary>The expression; its type is that of the column, or becomes it by a cast that changes nothing.</summary>
    public static string Of(FlussType type, string? text, TimestampNanoseconds nanoseconds)
    {
        bool cuts = type.Precision > ColumnTypes.MicrosecondPrecision && nanoseconds == TimestampNanoseconds.Truncate;
        return (type.Kind, text) switch
        {
            (_, null) => "NULL",
            (FlussTypeKind.Binary or FlussTypeKind.Bytes, _) => $"'{Bytes(text)}'::BLOB",

            // As the values in rows are cut.
            (FlussTypeKind.Timestamp, _) when cuts => LakeMicroseconds.Of($"{SqlQuote.Literal(text)}::TIMESTAMP_NS"),
            (FlussTypeKind.TimestampLtz, _) when cuts => $"timezone('UTC', {LakeMicroseconds.Of($"{SqlQuote.Literal(text)}::TIMESTAMP_NS")})",

            // Without its zone it would be taken for the session's local time.
            (FlussTypeKind.TimestampLtz, _) => SqlQuote.Literal(text + "+00"),
            _ => SqlQuote.Literal(text),
        };
    }

    private static string Bytes(string hex)
    {
        StringBuilder text = new(hex.Length * 2);
        for (int i = 0; i + 1 < hex.Length; i += 2)
        {
            text.Append("\\x").Append(hex.AsSpan(i, 2));
        }

        return text.ToString();
    }
}
