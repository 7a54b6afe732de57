using System.Text;

namespace FlussLake.Data.Sql;

/// <summary>
/// Walks a text as DuckDB's lexer does, only as far as needed to know what is code: literals (also E'' and dollar-quoted), quoted identifiers and comments (nested ones
/// too) are skipped. There <c>@name</c> becomes <c>$name</c> when the command has a parameter of that name: DuckDB reads <c>@x</c> as abs(x), so the usual form of
/// .NET code would silently mean something else.
/// </summary>
internal ref struct SqlScanner
{
    private readonly ReadOnlySpan<char> _sql;
    private readonly IReadOnlySet<string> _names;
    private readonly List<SqlStatement> _statements = [];
    private StringBuilder? _rewritten;
    private int _copied;
    private int _position;
    private int _start = -1;
    private SqlStatementKind _kind;
    private bool _inWith;
    private string? _unknown;
    private bool _mustNotStream;

    private SqlScanner(ReadOnlySpan<char> sql, IReadOnlySet<string> names)
    {
        _sql = sql;
        _names = names;
    }

    /// <summary>Scans <paramref name="sql"/>.</summary>
    /// <param name="sql">A command's text.</param>
    /// <param name="names">The names of the command's parameters without their prefix, in a set that ignores case as DuckDB does.</param>
    public static SqlText Scan(string sql, IReadOnlySet<string> names)
    {
        if (sql.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException(Messages.NulInText);
        }

        SqlScanner scanner = new(sql, names);
        scanner.Run();
        string text = sql;
        if (scanner._rewritten is { } rewritten)
        {
            rewritten.Append(sql, scanner._copied, sql.Length - scanner._copied);
            text = rewritten.ToString();
        }

        return new SqlText(text, scanner._statements, scanner._mustNotStream) { UnknownParameter = scanner._unknown };
    }

    private void Run()
    {
        while (_position < _sql.Length)
        {
            char current = _sql[_position];
            if (char.IsWhiteSpace(current))
            {
                _position++;
            }
            else if (current == '-' && Next == '-')
            {
                SkipLine();
            }
            else if (current == '/' && Next == '*')
            {
                SkipComment();
            }
            else if (current == ';')
            {
                EndStatement();
                _position++;
            }
            else
            {
                ScanCode(current);
            }
        }

        EndStatement();
    }

    private readonly char Next => _position + 1 < _sql.Length ? _sql[_position + 1] : '\0';

    private void ScanCode(char current)
    {
        if (_start < 0)
        {
            // Words decide below; what starts with anything else, such as a parenthesis, is a query.
            _start = _position + (_rewritten is null ? 0 : _rewritten.Length - _copied);
            _kind = SqlStatementKind.Query;
            if (IsIdentifierStart(current))
            {
                FirstWord();
                return;
            }
        }

        switch (current)
        {
            case '\'':
                SkipQuoted('\'', backslash: false);
                break;
            case '"':
                SkipQuoted('"', backslash: false);
                break;
            case '$':
                SkipDollar();
                break;
            case '@':
                ScanAt();
                break;
            default:
                if (IsIdentifierStart(current))
                {
                    ScanWord();
                }
                else if (char.IsAsciiDigit(current))
                {
                    SkipNumber();
                }
                else
                {
                    _position++;
                }

                break;
        }
    }

    private void FirstWord()
    {
        ReadOnlySpan<char> word = Word();
        (_kind, _inWith) = Is(word, "with") ? (SqlStatementKind.Query, true) : (KindOf(word), false);
        _mustNotStream |= Is(word, "execute");
        AfterWord(word);
    }

    private void ScanWord()
    {
        ReadOnlySpan<char> word = Word();
        if (Is(word, "returning"))
        {
            _mustNotStream = true;
        }
        else if (_inWith && (Is(word, "insert") || Is(word, "update") || Is(word, "delete") || Is(word, "merge")))
        {
            // WITH ... INSERT. A column of such a name costs the statement no more than the guess.
            _kind = SqlStatementKind.Other;
        }

        AfterWord(word);
    }

    /// <summary>Skips a word, and the literal that follows at once where the word is its prefix.</summary>
    private void AfterWord(ReadOnlySpan<char> word)
    {
        _position += word.Length;
        if (_position < _sql.Length && _sql[_position] == '\'' && Is(word, "e"))
        {
            SkipQuoted('\'', backslash: true);
        }
    }

    private readonly ReadOnlySpan<char> Word()
    {
        int end = _position + 1;
        while (end < _sql.Length && (IsIdentifierPart(_sql[end]) || _sql[end] == '$'))
        {
            end++;
        }

        return _sql[_position..end];
    }

    private void SkipNumber()
    {
        // 1e5, 0x1F, 1_000: what belongs to a number is no word.
        while (_position < _sql.Length && (IsIdentifierPart(_sql[_position]) || _sql[_position] == '.'))
        {
            _position++;
        }
    }

    private void SkipQuoted(char quote, bool backslash)
    {
        _position++;
        while (_position < _sql.Length)
        {
            char current = _sql[_position++];
            if (current == '\\' && backslash)
            {
                _position++;
            }
            else if (current == quote)
            {
                if (_position >= _sql.Length || _sql[_position] != quote)
                {
                    return;
                }

                _position++;
            }
        }

        _position = Math.Min(_position, _sql.Length);
    }

    private void SkipDollar()
    {
        int end = _position + 1;
        if (end < _sql.Length && IsIdentifierStart(_sql[end]))
        {
            while (end < _sql.Length && IsIdentifierPart(_sql[end]))
            {
                end++;
            }
        }

        if (end >= _sql.Length || _sql[end] != '$')
        {
            // A parameter, $1 or $name.
            _position = Math.Max(end, _position + 1);
            return;
        }

        ReadOnlySpan<char> tag = _sql[_position..(end + 1)];
        int close = _sql[(end + 1)..].IndexOf(tag, StringComparison.Ordinal);
        _position = close < 0 ? _sql.Length : end + 1 + close + tag.Length;
    }

    private void SkipLine()
    {
        int end = _sql[_position..].IndexOfAny('\n', '\r');
        _position = end < 0 ? _sql.Length : _position + end;
    }

    private void SkipComment()
    {
        int depth = 1;
        _position += 2;
        while (_position < _sql.Length && depth > 0)
        {
            if (_sql[_position] == '/' && Next == '*')
            {
                depth++;
                _position += 2;
            }
            else if (_sql[_position] == '*' && Next == '/')
            {
                depth--;
                _position += 2;
            }
            else
            {
                _position++;
            }
        }
    }

    private void ScanAt()
    {
        int end = _position + 1;
        while (end < _sql.Length && IsIdentifierPart(_sql[end]))
        {
            end++;
        }

        // @@name is no parameter of ours.
        bool doubled = _position > 0 && _sql[_position - 1] == '@';
        ReadOnlySpan<char> name = _sql[(_position + 1)..end];
        if (!name.IsEmpty && !doubled && Contains(name))
        {
            _rewritten ??= new StringBuilder(_sql.Length + 8);
            _rewritten.Append(_sql[_copied.._position]);

            // A dollar sign inside or behind a word would belong to the word, or open a dollar quote.
            if (_position > 0 && (IsIdentifierPart(_sql[_position - 1]) || _sql[_position - 1] == '$'))
            {
                _rewritten.Append(' ');
            }

            _rewritten.Append('$').Append(name);
            if (end < _sql.Length && _sql[end] == '$')
            {
                _rewritten.Append(' ');
            }

            _copied = end;
        }
        else if (!name.IsEmpty && !doubled && IsIdentifierStart(name[0]))
        {
            _unknown ??= name.ToString();
        }

        _position = Math.Max(end, _position + 1);
    }

    private readonly bool Contains(ReadOnlySpan<char> name) => _names.Count > 0 && _names.Contains(name.ToString());

    private void EndStatement()
    {
        if (_start >= 0)
        {
            int shift = _rewritten is null ? 0 : _rewritten.Length - _copied;
            _statements.Add(new SqlStatement(_kind, _start, _position + shift));
            _start = -1;
            _inWith = false;
        }
    }

    private static SqlStatementKind KindOf(ReadOnlySpan<char> word)
    {
        if (Is(word, "select") || Is(word, "from") || Is(word, "values") || Is(word, "table"))
        {
            return SqlStatementKind.Query;
        }

        foreach (string change in s_changes)
        {
            if (Is(word, change))
            {
                return SqlStatementKind.Change;
            }
        }

        return SqlStatementKind.Other;
    }

    private static readonly string[] s_changes =
    [
        "insert", "update", "delete", "merge", "create", "drop", "alter", "truncate", "set", "reset", "begin", "start", "commit", "end", "rollback", "abort", "use", "attach",
        "detach", "load", "install", "comment", "prepare", "deallocate",
    ];

    private static bool Is(ReadOnlySpan<char> word, string keyword) => word.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    private static bool IsIdentifierStart(char c) => char.IsAsciiLetter(c) || c == '_' || (c >= 0x80 && !char.IsWhiteSpace(c));

    private static bool IsIdentifierPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_' || (c >= 0x80 && !char.IsWhiteSpace(c));
}
