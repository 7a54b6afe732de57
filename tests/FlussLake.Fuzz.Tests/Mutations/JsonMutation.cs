using System.Text;

using FlussLake.Fuzz.Tests.Fuzzing;

namespace FlussLake.Fuzz.Tests.Mutations;

/// <summary>Mutations of JSON text: values become others of the wrong kind, size or depth. Every third is one of bytes.</summary>
internal static class JsonMutation
{
    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "-1", "1", "2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "1e400", "-1e400", "1e9", "0.5", "-0", "1E+2", "\"\"", "\"0\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\u0000\"", "\"a\\nb\"", "\"../x\"", "\"..\"", "\"/\"", "\"NULL\"", "\"ROW\"",
        "[]", "{}", "[[]]", "[null]", "{\"\":null}", "{\"\\ud800\":1}", "[{}]", "[1,\"a\",null]", "{\"a\":1,\"a\":2}", "\"\\u202f \"", "12345678901234567890123456789012345678901234567890",
    ];

    public static byte[] Apply(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random)
    {
        if (input.Length == 0 || random.OneIn(3))
        {
            return ByteMutation.Apply(input, corpus, random);
        }

        (int start, int length) = Token(input, random.Below(input.Length));
        switch (random.Below(20))
        {
            case 0:
                return Replace(input, start, length, Nested(random));
            case 1 or 2 or 3:
                (int other, int count) = Token(input, random.Below(input.Length));
                return Replace(input, start, length, input.AsSpan(other, count).ToArray());
            case 4 or 5:
                byte[] source = random.Pick(corpus);
                (other, count) = Token(source, random.Below(Math.Max(1, source.Length)));
                return Replace(input, start, length, source.AsSpan(other, count).ToArray());
            case 6:
                return Replace(input, start, length, [(byte)'"', (byte)random.Next(), (byte)(0x80 | random.Below(128)), (byte)'"']);
            case 7:
                return Replace(input, start, length, Encoding.UTF8.GetBytes($"\"{new string((char)('a' + random.Below(26)), 1 << random.Below(13))}\""));
            default:
                return Replace(input, start, length, Encoding.UTF8.GetBytes(random.Pick<string>(s_values)));
        }
    }

    /// <summary>Lists, objects or types in each other, up to 100,000 deep.</summary>
    private static byte[] Nested(FuzzRandom random)
    {
        int depth = random.Below(4) switch { 0 => 10 + random.Below(60), 1 => 200 + random.Below(200), 2 => 5_000, _ => 20 + random.Below(20) };
        if (random.OneIn(50))
        {
            depth = 100_000;
        }

        (string open, string inner, string close) = random.Below(6) switch
        {
            0 => ("[", "1", "]"),
            1 => ("{\"a\":", "1", "}"),
            2 => ("{\"type\":\"ARRAY\",\"element_type\":", "{\"type\":\"INTEGER\"}", "}"),
            3 => ("{\"type\":\"ROW\",\"fields\":[{\"name\":\"a\",\"field_type\":", "{\"type\":\"INTEGER\"}", "}]}"),
            4 => ("{\"type\":\"array\",\"items\":", "\"int\"", "}"),
            _ => ("{\"type\":\"ARRAY\",\"element\":", "\"INT\"", "}"),
        };
        StringBuilder text = new(depth * (open.Length + close.Length));
        text.Insert(0, open, depth).Append(inner);
        if (!random.OneIn(8))
        {
            text.Append(new StringBuilder().Insert(0, close, depth));
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The text, number or bracketed part that starts at or behind a position.</summary>
    private static (int Start, int Length) Token(ReadOnlySpan<byte> json, int from)
    {
        int start = from;
        while (start < json.Length && json[start] is (byte)' ' or (byte)'\n' or (byte)',' or (byte)':' or (byte)']' or (byte)'}')
        {
            start++;
        }

        if (start >= json.Length)
        {
            return (Math.Min(from, json.Length), 0);
        }

        int end = start + 1;
        if (json[start] == '"')
        {
            while (end < json.Length && json[end] != '"')
            {
                end += json[end] == '\\' ? 2 : 1;
            }

            return (start, Math.Min(json.Length, end + 1) - start);
        }

        if (json[start] is not ((byte)'[' or (byte)'{'))
        {
            while (end < json.Length && (char.IsAsciiLetterOrDigit((char)json[end]) || json[end] is (byte)'.' or (byte)'_'))
            {
                end++;
            }

            return (start, end - start);
        }

        for (int depth = 1; end < json.Length && depth > 0; end++)
        {
            depth += json[end] is (byte)'[' or (byte)'{' ? 1 : json[end] is (byte)']' or (byte)'}' ? -1 : 0;
        }

        return (start, end - start);
    }

    private static byte[] Replace(byte[] input, int start, int length, byte[] by) => [.. input.AsSpan(0, start), .. by, .. input.AsSpan(start + length)];
}
