using FlussLake.Data;

namespace FlussLake.Embedded.Tests.UnionRead;

/// <summary>Columns whose names differ in case only, which Fluss allows and DuckDB does not tell apart.</summary>
public sealed class TwinNameTests
{
    [Fact]
    public async Task Every_one_of_them_is_read_from_both_halves_under_the_name_that_DuckDB_gives_it()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["ID BIGINT NOT NULL", "id STRING", "id_1 STRING", "Id STRING", "ä STRING", "Ä STRING"]);
        await table.AppendAsync([1L, "b1", "c1", "d1", "e1", "f1"]);
        await table.Fluss.TierAsync(EmbeddedTable.Path, null, TestContext.Current.CancellationToken);
        await table.AppendAsync([2L, "b2", null, "d2", "e2", "f2"]);

        Assert.Equal(["1|b1|c1|d1|e1|f1", "2|b2|NULL|d2|e2|f2"], table.Read());
        Assert.Equal(["f1|d1|b1|1|c1", "f2|d2|b2|2|NULL"], table.Read(columns: "\"Ä\", \"Id_2\", id_1, \"ID\", id_1_1"));
        Assert.Equal(["c1"], table.Read("$lake", "id_1_1"));
        Assert.Equal(["d2"], table.Read("$log", "id_2"));
    }

    [Fact]
    public async Task A_condition_on_one_of_them_leaves_the_others_alone()
    {
        await using EmbeddedTable table = await EmbeddedTable.CreateAsync(["k BIGINT", "K BIGINT"]);
        await table.AppendAsync(Enumerable.Range(0, 100).Select(i => new object?[] { (long)i, 100L - i }));
        await table.Fluss.TierAsync(EmbeddedTable.Path, null, TestContext.Current.CancellationToken);
        await table.AppendAsync([200L, 300L]);
        using FlussLakeConnection connection = table.Open();
        using FlussLakeCommand command = connection.CreateCommand();

        command.CommandText = "SELECT sum(k) FROM fluss_read('orders') WHERE \"K_1\" > 97";

        Assert.Equal(203m, command.ExecuteScalar());
    }
}
