using System.Globalization;

namespace FlussLake.Client.Metadata;

/// <summary>Reads the text form of types, from left to right.</summary>
internal ref struct TypeParser(string text)
{
    // As in TypeJson: deeper nesting is no type that anybody declares.
    private const int MaxDepth = 32;

    private readonly string _text = text;
    private int _at;

    public static FlussType Parse(string text)
    {
        TypeParser reader = new(text);
        FlussType type = reader.ReadType(0);
        return reader.SkipSpace() ? throw reader.Invalid("text follows the type") : type;
    }

    /// <summary>The name of a field as it is read again: in backquotes where it would end early without them.</summary>
    public static string Write(string field) => field.Length > 0 && field[0] != '`' && !field.Any(EndsName) ? field : $"`{field.Replace("`", "``", StringComparison.Ordinal)}`";

    private static bool EndsName(char symbol) => char.IsWhiteSpace(symbol) || symbol is '<' or '>' or '(' or ')' or ',';

    private FlussType ReadType(int depth)
    {
        if (depth > MaxDepth)
        {
            throw Invalid($"it nests more than {MaxDepth} levels deep");
        }

        string name = ReadWord();
        FlussType type = name.ToUpperInvariant() switch
        {
            "BOOLEAN" => new FlussType(FlussTypeKind.Boolean),
            "TINYINT" => new FlussType(FlussTypeKind.TinyInt),
            "SMALLINT" => new FlussType(FlussTypeKind.SmallInt),
            "INT" or "INTEGER" => new FlussType(FlussTypeKind.Int),
            "BIGINT" => new FlussType(FlussTypeKind.BigInt),
            "FLOAT" => new FlussType(FlussTypeKind.Float),
            "DOUBLE" => new FlussType(FlussTypeKind.Double),
            "CHAR" => new FlussType(FlussTypeKind.Char) { Length = ReadArgument(name, 1, int.MaxValue, 1) },
            "STRING" => new FlussType(FlussTypeKind.String),
            "BINARY" => new FlussType(FlussTypeKind.Binary) { Length = ReadArgument(name, 1, int.MaxValue, 1) },
            "BYTES" => new FlussType(FlussTypeKind.Bytes),
            "DECIMAL" => ReadDecimal(),
            "DATE" => new FlussType(FlussTypeKind.Date),
            "TIME" => new FlussType(FlussTypeKind.Time) { Precision = ReadArgument(name, 0, 9, 0) },
            "TIMESTAMP" => new FlussType(FlussTypeKind.Timestamp) { Precision = ReadArgument(name, 0, 9, 6) },
            "TIMESTAMP_LTZ" => new FlussType(FlussTypeKind.TimestampLtz) { Precision = ReadArgument(name, 0, 9, 6) },
            "ARRAY" => ReadArray(depth),
            "MAP" => ReadMap(depth),
            "ROW" => ReadRow(depth),
            _ => throw Invalid(name.Length == 0 ? "a type is missing" : $"'{name}' is no type"),
        };
        if (TryTakeWord("NOT"))
        {
            return TryTakeWord("NULL") ? type with { IsNullable = false } : throw Invalid("NULL must follow NOT");
        }

        return type;
    }

    private FlussType ReadDecimal()
    {
        FlussType type = new(FlussTypeKind.Decimal) { Precision = 10 };
        if (!TryTake('('))
        {
            return type;
        }

        int precision = ReadNumber("DECIMAL", 1, 38);
        int scale = TryTake(',') ? ReadNumber("DECIMAL", 0, precision) : 0;
        Take(')');
        return type with { Precision = precision, Scale = scale };
    }

    private FlussType ReadArray(int depth)
    {
        Take('<');
        FlussType element = ReadType(depth + 1);
        Take('>');
        return new FlussType(FlussTypeKind.Array) { Element = element };
    }

    private FlussType ReadMap(int depth)
    {
        Take('<');
        FlussType key = ReadType(depth + 1);
        Take(',');
        FlussType value = ReadType(depth + 1);
        Take('>');

        // Keys are never NULL, said or not.
        return new FlussType(FlussTypeKind.Map) { Key = key with { IsNullable = false }, Value = value };
    }

    private FlussType ReadRow(int depth)
    {
        Take('<');
        List<FlussField> fields = [];
        do
        {
            string name = ReadFieldName();
            fields.Add(new FlussField(name, ReadType(depth + 1), -1));
        }
        while (TryTake(','));
        Take('>');
        return new FlussType(FlussTypeKind.Row) { Fields = fields };
    }

    // Up to the next space; a name with spaces is written in backquotes, and those in it twice.
    private string ReadFieldName()
    {
        if (TryTake('`'))
        {
            int end = _text.IndexOf('`', _at);
            while (end >= _at && end + 1 < _text.Length && _text[end + 1] == '`')
            {
                end = _text.IndexOf('`', end + 2);
            }

            string quoted = end > _at ? _text[_at..end].Replace("``", "`", StringComparison.Ordinal) : throw Invalid("a field has no name, or no closing backquote");
            _at = end + 1;
            return quoted;
        }

        SkipSpace();
        int start = _at;
        while (_at < _text.Length && !EndsName(_text[_at]))
        {
            _at++;
        }

        return _at > start ? _text[start.._at] : throw Invalid("a field has no name");
    }

    private int ReadArgument(string name, int min, int max, int unlessGiven)
    {
        if (!TryTake('('))
        {
            return unlessGiven;
        }

        int value = ReadNumber(name, min, max);
        Take(')');
        return value;
    }

    private int ReadNumber(string name, int min, int max)
    {
        SkipSpace();
        int start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }

        return int.TryParse(_text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max
            ? value
            : throw Invalid(string.Create(CultureInfo.InvariantCulture, $"{name} takes a number from {min} to {max}"));
    }

    private string ReadWord()
    {
        SkipSpace();
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }

        return _text[start.._at];
    }

    private bool TryTakeWord(string word)
    {
        int before = _at;
        if (ReadWord().Equals(word, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        _at = before;
        return false;
    }

    private bool TryTake(char symbol)
    {
        if (SkipSpace() && _text[_at] == symbol)
        {
            _at++;
            return true;
        }

        return false;
    }

    private void Take(char symbol)
    {
        if (!TryTake(symbol))
        {
            throw Invalid($"'{symbol}' is missing");
        }
    }

    // False at the end of the text.
    private bool SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        return _at < _text.Length;
    }

    private readonly FormatException Invalid(string what)
    {
        string shown = _text.Length <= 200 ? _text : _text[..200] + "…";
        return new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{shown}' is not a Fluss type: {what} (at character {_at + 1})."));
    }
}
