using System.Text.Json.Nodes;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests.Tiering;

/// <summary>A column of every type that Fluss has, and rows with their smallest, largest and further values.</summary>
internal sealed class AllTypes((string Type, object? Smallest, object? Largest, object? Further)[] types)
{
    private static readonly (string Type, object? Smallest, object? Largest, object? Further)[] s_types =
    [
        ("BOOLEAN", false, true, true),
        ("TINYINT", sbyte.MinValue, sbyte.MaxValue, 0),
        ("SMALLINT", short.MinValue, short.MaxValue, -1),
        ("INT", int.MinValue, int.MaxValue, 1),
        ("BIGINT", long.MinValue, long.MaxValue, (1L << 53) + 1),
        ("FLOAT", float.MinValue, float.MaxValue, float.Epsilon),
        ("DOUBLE", double.NegativeInfinity, double.NaN, -0.0),
        // Rows of the INDEXED format take n for bytes.
        ("CHAR(9)", "", "abc", "日本語"),
        ("STRING", "", new string('x', 70_000), "twelve bytes, and 𝄞 more \0 than that\n"),
        ("BINARY(4)", "00000000", "ffffffff", "00ff0180"),
        ("BYTES", "", "ff" + new string('0', 3000), "00"),
        ("DECIMAL(9,4)", "-99999.9999", "99999.9999", "-0.0001"),
        ("DECIMAL(18,6)", "-999999999999.999999", "999999999999.999999", "1.5"),
        ("DECIMAL(19,2)", "-99999999999999999.99", "99999999999999999.99", "0.10"),
        ("DECIMAL(38,10)", "-9999999999999999999999999999.9999999999", "9999999999999999999999999999.9999999999", "-0.0000000001"),
        ("DATE", "0001-01-01", "9999-12-31", "1969-12-31"),
        .. Enumerable.Range(0, 10).Select(digits => ($"TIME({digits})", (object?)"00:00", (object?)"23:59:59.999", (object?)"12:34:56.789")),
        .. Enumerable.Range(0, 7).Select(digits => ($"TIMESTAMP({digits})", (object?)"0001-01-01T00:00", (object?)Fraction("9999-12-31T23:59:59", digits), (object?)"1969-12-31T23:59:58")),
        .. Enumerable.Range(7, 3).Select(digits => ($"TIMESTAMP({digits})", (object?)"1970-01-01T00:00", (object?)Fraction("2262-04-10T23:59:59", digits), (object?)"1999-12-31T23:59:58.000000100")),
        .. Enumerable.Range(0, 7).Select(digits => ($"TIMESTAMP_LTZ({digits})", (object?)"0001-01-01T00:00:00Z", (object?)(Fraction("9999-12-31T23:59:59", digits) + "Z"), (object?)"1969-12-31T23:59:58Z")),
        .. Enumerable.Range(7, 3).Select(digits => ($"TIMESTAMP_LTZ({digits})", (object?)"1970-01-01T00:00:00Z", (object?)(Fraction("2262-04-10T23:59:59", digits) + "Z"), (object?)"1999-12-31T23:59:58.000000100Z")),
        ("ARRAY<INT>", Json("[]"), Json("[1,null,3]"), Json("[null]")),
        ("ARRAY<ARRAY<STRING>>", Json("""[[],["a",null],null]"""), Json("[]"), Json("""[["a long text of more than seven bytes"]]""")),
        ("MAP<STRING,INT>", Json("[]"), Json("""[["a",1],["b",null]]"""), Json("""[["",0]]""")),
        ("MAP<INT,MAP<STRING,ARRAY<BIGINT>>>", Json("""[[1,[["x",[1,2]],["y",null]]],[2,null]]"""), Json("[]"), Json("""[[7,[["z",[]]]]]""")),
        ("ROW<x INT, y STRING>", Json("[null,null]"), Json("""[1,"y"]"""), Json("[2,null]")),
        ("ROW<a ROW<b INT, c ARRAY<ROW<d INT, e DECIMAL(20,2)>>>, f MAP<STRING,ROW<g TIMESTAMP(6), h BOOLEAN>>>",
            Json("""[[1,[[2,"1.50"],null,[null,null]]],[["k",["2020-01-01T00:00:00.000001",true]],["l",null]]]"""), Json("[null,null]"), Json("[[null,[]],[]]")),
    ];

    /// <summary>All types but ROW, which Paimon's rows have no text for.</summary>
    public static AllTypes Printable { get; } = new([.. s_types.Where(type => !type.Type.StartsWith("ROW", StringComparison.Ordinal))]);

    public static AllTypes All { get; } = new(s_types);

    public IReadOnlyList<LabColumn> Columns => [new("id", "BIGINT NOT NULL"), .. types.Select((type, i) => new LabColumn($"c{i}", type.Type))];

    /// <summary>Six rows; column 0 counts from the given number.</summary>
    public object?[][] Rows(int from) =>
    [
        [from, .. types.Select(_ => (object?)null)],
        [from + 1, .. types.Select(type => type.Smallest)],
        [from + 2, .. types.Select(type => type.Largest)],
        [from + 3, .. types.Select(type => type.Further)],
        [from + 4, .. types.Select((type, i) => i % 2 == 0 ? null : type.Further)],
        [from + 5, .. types.Select((type, i) => i % 2 == 1 ? null : type.Largest)],
    ];

    private static JsonNode Json(string text) => JsonNode.Parse(text)!;

    private static string Fraction(string seconds, int digits) => digits == 0 ? seconds : $"{seconds}.{new string('9', digits)}";
}
