using FlussLake.Client.Metadata;

namespace FlussLake.Client.Tests;

public sealed class TypeParserTests
{
    [Theory]
    [InlineData("BOOLEAN")]
    [InlineData("TINYINT NOT NULL")]
    [InlineData("SMALLINT")]
    [InlineData("INT")]
    [InlineData("BIGINT NOT NULL")]
    [InlineData("FLOAT")]
    [InlineData("DOUBLE")]
    [InlineData("CHAR(12)")]
    [InlineData("STRING")]
    [InlineData("BINARY(2147483647)")]
    [InlineData("BYTES")]
    [InlineData("DECIMAL(38, 38)")]
    [InlineData("DATE")]
    [InlineData("TIME(9)")]
    [InlineData("TIMESTAMP(0)")]
    [InlineData("TIMESTAMP_LTZ(3) NOT NULL")]
    [InlineData("ARRAY<ARRAY<DECIMAL(10, 2) NOT NULL>> NOT NULL")]
    [InlineData("MAP<STRING NOT NULL, MAP<INT NOT NULL, BYTES>>")]
    [InlineData("ROW<x INT, Grüße STRING NOT NULL, z ROW<a ARRAY<TIME(3)>>> NOT NULL")]
    public void The_text_of_a_type_is_read_back_as_the_same_type(string text) => Assert.Equal(text, FlussType.Parse(text).ToString());

    [Theory]
    [InlineData("decimal(10,2)not null", "DECIMAL(10, 2) NOT NULL")]
    [InlineData(" Integer ", "INT")]
    [InlineData("DECIMAL", "DECIMAL(10, 0)")]
    [InlineData("DECIMAL(5)", "DECIMAL(5, 0)")]
    [InlineData("CHAR", "CHAR(1)")]
    [InlineData("TIMESTAMP", "TIMESTAMP(6)")]
    [InlineData("TIME", "TIME(0)")]
    [InlineData("MAP<INT,INT>", "MAP<INT NOT NULL, INT>")]
    [InlineData("row<`two words` int,b string>", "ROW<`two words` INT, b STRING>")]
    public void Short_and_loose_forms_are_read_too(string text, string type) => Assert.Equal(type, FlussType.Parse(text).ToString());

    [Theory]
    [InlineData("two words")]
    [InlineData("a`b")]
    [InlineData("`")]
    [InlineData("``")]
    [InlineData("ends with `")]
    [InlineData("a<b>(c),d")]
    [InlineData("a\"b")]
    [InlineData("日本")]
    [InlineData("select")]
    [InlineData("NOT")]
    public void A_field_of_any_name_is_read_back(string name)
    {
        FlussType type = new(FlussTypeKind.Row) { Fields = [new FlussField(name, FlussType.Parse("INT NOT NULL"), -1), new FlussField("next", FlussType.Parse("STRING"), -1)] };
        FlussType read = FlussType.Parse(type.ToString());
        Assert.Equal([name, "next"], read.Fields.Select(field => field.Name));
        Assert.Equal(type.ToString(), read.ToString());
    }

    [Theory]
    [InlineData("", "a type is missing (at character 1)")]
    [InlineData("VARCHAR(3)", "'VARCHAR' is no type")]
    [InlineData("DECIMAL(39, 2)", "a number from 1 to 38")]
    [InlineData("DECIMAL(4, 5)", "a number from 0 to 4")]
    [InlineData("TIME(10)", "a number from 0 to 9")]
    [InlineData("CHAR(0)", "a number from 1 to")]
    [InlineData("CHAR(99999999999)", "a number from 1 to")]
    [InlineData("INT NOT", "NULL must follow NOT")]
    [InlineData("INT INT", "text follows the type")]
    [InlineData("ARRAY", "'<' is missing")]
    [InlineData("ARRAY<INT", "'>' is missing")]
    [InlineData("MAP<INT>", "',' is missing")]
    [InlineData("ROW<>", "a field has no name")]
    [InlineData("ROW<x>", "a type is missing")]
    [InlineData("ROW<`x INT>", "no closing backquote")]
    public void What_is_no_type_is_refused_with_the_place(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<FormatException>(() => FlussType.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        string text = string.Concat(Enumerable.Repeat("ARRAY<", 100_000));
        FormatException refusal = Assert.Throws<FormatException>(() => FlussType.Parse(text));
        Assert.Contains("more than 32 levels", refusal.Message, StringComparison.Ordinal);
        Assert.True(refusal.Message.Length < 400);
    }

    [Fact]
    public void Ids_that_are_not_given_are_numbered_in_order_with_each_column_before_its_fields()
    {
        IReadOnlyList<FlussColumn> columns = ColumnIds.Complete(
        [
            new FlussColumn("a", FlussType.Parse("INT"), 0),
            new FlussColumn("b", FlussType.Parse("ROW<x INT, y ARRAY<ROW<z INT>>>"), 0),
            new FlussColumn("c", FlussType.Parse("MAP<STRING, ROW<v INT>>"), 0),
        ]);
        Assert.Equal([0, 1, 5], columns.Select(column => column.Id));
        Assert.Equal([2, 3], columns[1].Type.Fields.Select(field => field.Id));
        Assert.Equal(4, columns[1].Type.Fields[1].Type.Element!.Fields[0].Id);
        Assert.Equal(6, columns[2].Type.Value!.Fields[0].Id);
    }

    [Fact]
    public void Ids_that_are_given_and_distinct_stay()
    {
        FlussColumn[] columns = [new("a", FlussType.Parse("INT"), 7), new("b", FlussType.Parse("INT"), 3)];
        Assert.Same(columns, ColumnIds.Complete(columns));
    }
}
