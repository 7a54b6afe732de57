using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Data.BulkCopy;

namespace FlussLake.Data.Tests.BulkCopy;

public sealed class ColumnMatchTests
{
    private static readonly TablePath s_table = new("shop", "orders");

    [Fact]
    public void Columns_find_each_other_by_name_whatever_their_order() =>
        Assert.Equal([1, 0], Find(["id", "note"], ["note", "id"]));

    [Fact]
    public void Case_and_underscores_do_not_matter_where_nothing_else_fits() =>
        Assert.Equal([0, 1], Find(["order_id", "note"], ["OrderId", "NOTE"]));

    [Fact]
    public void The_exact_spelling_goes_before_the_others() =>
        Assert.Equal([1, 0], Find(["id", "ID"], ["ID", "id"]));

    [Fact]
    public void A_column_that_the_source_lacks_has_no_counterpart() =>
        Assert.Equal([0, -1], Find(["id", "note"], ["id"]));

    [Fact]
    public void A_source_column_without_a_counterpart_is_refused() =>
        Assert.Contains("'colour'", Refusal(["id"], ["id", "colour"]), StringComparison.Ordinal);

    [Fact]
    public void A_source_column_with_two_counterparts_is_refused() =>
        Assert.Contains("'orderid'", Refusal(["orderId", "orderid"], ["ORDERID"]), StringComparison.Ordinal);

    [Fact]
    public void Two_source_columns_for_one_column_are_refused()
    {
        string refusal = Refusal(["order_id"], ["order_id", "OrderId"]);
        Assert.Contains("'order_id'", refusal, StringComparison.Ordinal);
        Assert.Contains("'OrderId'", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_must_not_be_null_needs_a_source()
    {
        FlussColumn[] columns = [Column("id"), Column("note") with { Type = new FlussType(FlussTypeKind.String) { IsNullable = false } }];
        FlussLakeException refusal = Assert.Throws<FlussLakeException>(() => ColumnMatch.Find(s_table, columns, ["id"], []));
        Assert.Contains("'note'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("NOT NULL", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mappings_say_what_goes_where_and_leave_the_rest_out() =>
        Assert.Equal([-1, 2], Find(["id", "note"], ["id", "more", "text"], new FlussBulkCopyColumnMapping("text", "note")));

    [Theory]
    [InlineData("missing", "note", "missing")]
    [InlineData("id", "absent", "absent")]
    public void A_mapping_that_names_what_is_not_there_is_refused(string source, string destination, string named)
    {
        FlussLakeException refusal = Assert.Throws<FlussLakeException>(() => Find(["id", "note"], ["id"], new FlussBulkCopyColumnMapping(source, destination)));
        Assert.Contains($"'{named}'", refusal.Message, StringComparison.Ordinal);
    }

    private static FlussColumn Column(string name) => new(name, new FlussType(FlussTypeKind.String), 0);

    private static int[] Find(string[] columns, string[] source, params FlussBulkCopyColumnMapping[] mappings) =>
        ColumnMatch.Find(s_table, [.. columns.Select(Column)], source, mappings);

    private static string Refusal(string[] columns, string[] source) => Assert.Throws<FlussLakeException>(() => Find(columns, source)).Message;
}
