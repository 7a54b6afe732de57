using System.Text;
using FlussLake.Data.Sql;

namespace FlussLake.Data.Tests;

public sealed class SqlScannerTests
{
    private static readonly HashSet<string> s_names = new(["a", "ids1", "naïve", "1", "b"], StringComparer.OrdinalIgnoreCase);

    [Theory]
    [InlineData("SELECT @a", "SELECT $a")]
    [InlineData("SELECT @A", "SELECT $A")]
    [InlineData("SELECT x=@a,y>=@b", "SELECT x=$a,y>=$b")]
    [InlineData("SELECT (@ids1,@b)", "SELECT ($ids1,$b)")]
    [InlineData("SELECT @naïve", "SELECT $naïve")]
    [InlineData("SELECT @1", "SELECT $1")]
    [InlineData("LIMIT@a", "LIMIT $a")]
    [InlineData("SELECT @x, @ab, @", "SELECT @x, @ab, @")]
    [InlineData("SELECT @@a", "SELECT @@a")]
    [InlineData("SELECT '@a', '''@a', \"@a\", \"\"\"@a\", @a", "SELECT '@a', '''@a', \"@a\", \"\"\"@a\", $a")]
    [InlineData(@"SELECT E'\'@a', e'\\', @a", @"SELECT E'\'@a', e'\\', $a")]
    [InlineData(@"SELECT 'x\', @a", @"SELECT 'x\', $a")]
    [InlineData("SELECT $$@a$$, $t$ $$ @a $t$, @a", "SELECT $$@a$$, $t$ $$ @a $t$, $a")]
    [InlineData("SELECT $a, @a", "SELECT $a, $a")]
    [InlineData("SELECT c$a$, @a, 'x$a$'", "SELECT c$a$, $a, 'x$a$'")]
    [InlineData("SELECT 1 -- @a\n, @a", "SELECT 1 -- @a\n, $a")]
    [InlineData("SELECT 1 /* /* @a */ @a */ , @a", "SELECT 1 /* /* @a */ @a */ , $a")]
    [InlineData("SELECT '@a", "SELECT '@a")]
    [InlineData("SELECT $x$@a", "SELECT $x$@a")]
    [InlineData("/* @a", "/* @a")]
    [InlineData("SELECT 1e5, @a", "SELECT 1e5, $a")]
    [InlineData("SELECT a <@ b, x @> @a", "SELECT a <@ b, x @> $a")]
    public void At_names_become_parameters_only_in_code(string sql, string expected) => Assert.Equal(expected, SqlScanner.Scan(sql, s_names).Text);

    [Theory]
    [InlineData("", 0)]
    [InlineData(" ; /* x */ ; -- y", 0)]
    [InlineData("SELECT 1", 1)]
    [InlineData("SELECT ';'; SELECT 2;", 2)]
    public void Statements_are_counted(string sql, int count) => Assert.Equal(count, SqlScanner.Scan(sql, s_names).Statements.Count);

    [Theory]
    [InlineData("SELECT 1; FROM t; (SELECT 2); WITH x AS (SELECT 1) SELECT * FROM x", true, false)]
    [InlineData("INSERT INTO t VALUES (1); CREATE TABLE x (a INT)", false, true)]
    [InlineData("WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", false, false)]
    [InlineData("SELECT 1; INSERT INTO t VALUES (1)", false, false)]
    [InlineData("PRAGMA version", false, false)]
    [InlineData("INSERT INTO t VALUES (1) RETURNING x", false, false)]
    public void The_first_words_tell_queries_from_changes(string sql, bool queries, bool changes)
    {
        SqlText text = SqlScanner.Scan(sql, s_names);
        Assert.Equal(queries, text.OnlyQueries);
        Assert.Equal(changes, text.OnlyChanges);
    }

    [Theory]
    [InlineData("INSERT INTO t VALUES (1) RETURNING x", true)]
    [InlineData("EXECUTE p", true)]
    [InlineData("SELECT 'returning', \"returning\" -- returning", false)]
    public void Statements_that_write_and_return_rows_do_not_stream(string sql, bool mustNotStream) =>
        Assert.Equal(mustNotStream, SqlScanner.Scan(sql, s_names).MustNotStream);

    [Fact]
    public void The_range_of_a_statement_is_that_of_the_rewritten_text()
    {
        SqlText text = SqlScanner.Scan(" LIMIT@a ; SELECT @b ; x", s_names);
        Assert.Equal(["LIMIT $a ", "SELECT $b ", "x"], text.Statements.Select(statement => text.Text[statement.Start..statement.End]));
    }

    /// <summary>Random pieces, each with what it becomes; the whole must become the pieces' results whatever their order.</summary>
    [Fact]
    public void Any_sequence_of_pieces_is_rewritten_piece_by_piece()
    {
        (string Sql, string Expected)[] pieces =
        [
            ("@a", "$a"), ("@b", "$b"), ("@other", "@other"), ("'@a'", "'@a'"), ("'it''s @a'", "'it''s @a'"), ("\"@a\"", "\"@a\""), ("E'\\'@a'", "E'\\'@a'"),
            ("$$@a$$", "$$@a$$"), ("$q$@a$$$q$", "$q$@a$$$q$"), ("-- @a\n", "-- @a\n"), ("/* @a /* @b */ */", "/* @a /* @b */ */"), ("word", "word"), ("1.5e3", "1.5e3"),
            (";", ";"), ("=", "="), ("(", "("), ("$a", "$a"), ("x@", "x@"),
        ];
        Random random = new(20240501);
        for (int round = 0; round < 20_000; round++)
        {
            StringBuilder sql = new();
            StringBuilder expected = new();
            for (int count = random.Next(1, 12); count > 0; count--)
            {
                (string piece, string result) = pieces[random.Next(pieces.Length)];
                sql.Append(piece).Append(' ');
                expected.Append(result).Append(' ');
            }

            Assert.Equal(expected.ToString(), SqlScanner.Scan(sql.ToString(), s_names).Text);
        }
    }

    [Fact]
    public void Any_characters_at_all_are_scanned_without_failure_and_unchanged_without_parameters()
    {
        const string Alphabet = "a@$'\"-/*;\n\\eE _1é.\u00a0";
        Random random = new(7);
        HashSet<string> none = [];
        for (int round = 0; round < 50_000; round++)
        {
            string sql = new([.. Enumerable.Range(0, random.Next(0, 24)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            SqlText text = SqlScanner.Scan(sql, none);
            Assert.Equal(sql, text.Text);
            SqlText rewritten = SqlScanner.Scan(sql, s_names);
            Assert.All(rewritten.Statements, statement => Assert.InRange(statement.End, statement.Start, rewritten.Text.Length));
        }
    }
}
