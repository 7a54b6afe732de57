using System.Data.Common;
using Dapper;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests;

/// <summary><c>fluss_read</c> in every place where SQL lets a table function stand.</summary>
public sealed class SqlTests(MainCluster main) : ClusterTest(main)
{
    private static LabTable? s_statementTable;

    [Fact]
    public void Every_form_of_arguments_names_the_same_table()
    {
        LabTable table = CreateHalfTiered();
        List<string> dump = Dump(table);
        using DbConnection connection = Open();
        using DbConnection withoutServers = OpenAt("Database=shop");
        string list = RowSet.SelectList(table);
        string[] arguments = [$"'{table.Name}'", $"'shop.{table.Name}'", $"'shop', '{table.Name}'", $"'{Cluster.Servers}', 'shop', '{table.Name}'"];
        foreach (string form in arguments)
        {
            RowSet.AssertEqual(dump, connection.ReadRows($"SELECT {list} FROM fluss_read({form})", table), form);
        }

        RowSet.AssertEqual(dump, withoutServers.ReadRows($"SELECT {list} FROM fluss_read({arguments[3]})", table), arguments[3]);
        DbException refusal = Assert.ThrowsAny<DbException>(() => withoutServers.ReadTexts($"SELECT * FROM fluss_read({arguments[0]})"));
        Assert.Contains("Bootstrap Servers", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_may_be_parameters()
    {
        LabTable table = CreateHalfTiered();
        using DbConnection connection = Open();
        Assert.Equal(150L, connection.ExecuteScalar<long>("SELECT count(*) FROM fluss_read(@table)", new { table = table.Name }));
        Assert.Equal(150L, connection.ExecuteScalar<long>("SELECT count(*) FROM fluss_read(@database, @table)", new { database = "shop", table = table.Name }));
        Assert.Equal(
            150L,
            connection.ExecuteScalar<long>("SELECT count(*) FROM fluss_read(@servers, @database, @table)", new { servers = Cluster.Servers, database = "shop", table = table.Name }));
        Assert.Equal(
            [3L, 120L],
            connection.Query<long>("SELECT id FROM fluss_read(@table) WHERE id IN (@low, @high) ORDER BY id", new { table = table.Name, low = 3, high = 120 }));
    }

    [Fact]
    public void A_prepared_statement_sees_rows_that_were_appended_after_it_was_prepared()
    {
        LabTable table = Create(LabTable.Unique("prepared") with { Lake = false });
        Lab.Generate(table, 10);
        using DbConnection connection = Open();
        connection.Execute($"PREPARE counted AS SELECT count(*), max(id) FROM fluss_read('{table.Name}') WHERE id >= $1");
        Assert.Equal(["Int64:10 | Int64:9"], connection.ReadTexts("EXECUTE counted(0)"));
        Lab.Generate(table, 5, from: 10);
        Assert.Equal(["Int64:15 | Int64:14"], connection.ReadTexts("EXECUTE counted(0)"));
        Lab.Generate(table, 5, from: 15);
        Assert.Equal(["Int64:10 | Int64:19"], connection.ReadTexts("EXECUTE counted(10)"));
    }

    [Fact]
    public void A_prepared_statement_sees_a_lake_that_came_after_it_was_prepared()
    {
        LabTable table = Create(LabTable.Unique("prepared"));
        Lab.Generate(table, 10);
        using DbConnection connection = Open();
        connection.Execute($"PREPARE counted AS SELECT count(*), sum(id) FROM fluss_read('{table.Name}')");
        Assert.Equal((10L, 45L), connection.QuerySingle<(long, long)>("EXECUTE counted"));
        Lab.Tier(table);
        Lab.Generate(table, 5, from: 10);
        Assert.Equal((15L, 105L), connection.QuerySingle<(long, long)>("EXECUTE counted"));
    }

    [Fact]
    public void A_command_that_is_executed_again_plans_again()
    {
        LabTable table = CreateHalfTiered();
        using DbConnection connection = Open();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM fluss_read('{table.Name}')";
        command.Prepare();
        Assert.Equal(150L, command.ExecuteScalar());
        Lab.Generate(table, 5, from: 150);
        Assert.Equal(155L, command.ExecuteScalar());
    }

    [Fact]
    public void A_temporary_view_over_a_table_is_read_afresh_each_time()
    {
        LabTable table = CreateHalfTiered();
        using DbConnection connection = Open();
        connection.Execute($"CREATE TEMP VIEW high AS SELECT * FROM fluss_read('{table.Name}') WHERE id >= 90");
        Assert.Equal(60L, connection.ExecuteScalar<long>("SELECT count(*) FROM high"));
        Lab.Generate(table, 5, from: 150);
        Assert.Equal(65L, connection.ExecuteScalar<long>("SELECT count(*) FROM high"));
    }

    [Fact]
    public void Tables_join_with_local_tables_and_with_themselves()
    {
        LabTable table = CreateHalfTiered(buckets: 2);
        using DbConnection connection = Open();
        connection.Execute("CREATE TABLE wanted AS SELECT range AS id FROM range(95, 105)");
        string read = $"fluss_read('{table.Name}')";
        Assert.Equal(10L, connection.ExecuteScalar<long>($"SELECT count(*) FROM {read} JOIN wanted USING (id)"));
        Assert.Equal(150L, connection.ExecuteScalar<long>($"SELECT count(*) FROM {read} a JOIN {read} b ON a.id = b.id"));
        Assert.Equal(149L, connection.ExecuteScalar<long>($"SELECT count(*) FROM {read} a JOIN {read} b ON a.id + 1 = b.id"));
        Assert.Equal(0L, connection.ExecuteScalar<long>($"SELECT count(*) FROM {read} a ANTI JOIN {read} b USING (id)"));
    }

    [Fact]
    public void Two_tables_join()
    {
        LabTable left = CreateHalfTiered();
        LabTable right = Create(LabTable.Unique("right") with { Lake = false });
        Lab.Generate(right, 60, from: 80);
        using DbConnection connection = Open();
        Assert.Equal(60L, connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{left.Name}') JOIN fluss_read('{right.Name}') USING (id)"));
    }

    /// <summary>Statements over a table T; the same over a local copy must give the same rows.</summary>
    public static TheoryData<string> Statements =>
    [
        "SELECT * FROM T",
        "SELECT id FROM T WHERE amount > (SELECT avg(amount) FROM T)",
        "SELECT id FROM T WHERE id IN (SELECT id + 50 FROM T WHERE id < 60)",
        "SELECT * FROM T a WHERE EXISTS (SELECT 1 FROM T b WHERE b.id = a.id + 20 AND b.status <> a.status)",
        "SELECT * FROM T a WHERE NOT EXISTS (SELECT 1 FROM T b WHERE b.id = a.id + 20)",
        "SELECT a.id, (SELECT max(b.id) FROM T b WHERE b.id < a.id) FROM T a",
        "WITH high AS (SELECT * FROM T WHERE id >= 90), low AS (SELECT * FROM T WHERE id < 110) SELECT * FROM high JOIN low USING (id)",
        "WITH shared AS MATERIALIZED (SELECT id, status FROM T) SELECT count(*), (SELECT max(status) FROM shared) FROM shared",
        "WITH RECURSIVE chain(id, depth) AS (SELECT min(id), 1 FROM T UNION ALL SELECT t.id, depth + 1 FROM chain c JOIN T t ON t.id = c.id + 20) SELECT * FROM chain",
        "SELECT status, count(*), sum(amount), min(id), max(id) FROM T GROUP BY ALL",
        "SELECT id % 7 AS part, count(DISTINCT status), list(id ORDER BY id)[1] FROM T GROUP BY part HAVING count(*) > 3",
        "SELECT id, sum(id) OVER (ORDER BY id ROWS 3 PRECEDING) FROM T",
        "SELECT id FROM T ORDER BY id DESC LIMIT 5 OFFSET 45",
        "SELECT id FROM T UNION SELECT id + 1000 FROM T EXCEPT SELECT id FROM T WHERE id % 2 = 0",
        "SELECT count(*) FROM T a, T b WHERE a.id < b.id",
        "SELECT * FROM (SELECT id, status FROM T WHERE id > 97 AND id < 103) LEFT JOIN (SELECT id, amount FROM T WHERE id >= 100) USING (id)",
        "SELECT count(*), count(amount), sum(id), avg(amount) FROM T WHERE false",
        "PIVOT (SELECT id % 3 AS part, id % 2 AS side FROM T) ON side IN (0, 1) USING count(*) GROUP BY part",
        "SELECT * FROM T WHERE id = 42 OR id = 142",
        "SELECT * FROM T QUALIFY row_number() OVER (PARTITION BY id % 10 ORDER BY id DESC) = 1",
        "FROM T SELECT sum(amount), bool_or(status IS NULL)",
        "SELECT * FROM T t, LATERAL (SELECT t.id * 2 AS twice) WHERE twice > 250",
    ];

    [Theory]
    [MemberData(nameof(Statements))]
    public void Statements_give_the_rows_that_they_give_over_a_local_copy(string statement)
    {
        LabTable table = s_statementTable ??= CreateHalfTiered(buckets: 2);
        using DbConnection connection = Open();
        connection.Execute($"CREATE TABLE copy AS SELECT * FROM fluss_read('{table.Name}')");
        Assert.Equal(150L, connection.ExecuteScalar<long>("SELECT count(*) FROM copy"));
        static string Over(string statement, string source) => System.Text.RegularExpressions.Regex.Replace(statement, @"\bT\b", source.Replace("$", "$$", StringComparison.Ordinal));

        RowSet.AssertEqual(connection.ReadTexts(Over(statement, "copy")), connection.ReadTexts(Over(statement, $"fluss_read('{table.Name}')")));
    }

    [Fact]
    public void Several_statements_in_one_command_give_their_results_one_after_the_other()
    {
        LabTable table = CreateHalfTiered();
        using DbConnection connection = Open();
        using SqlMapper.GridReader results = connection.QueryMultiple(
            $"CREATE TABLE few AS SELECT id FROM fluss_read('{table.Name}') WHERE id >= 98; SELECT count(*) FROM few; SELECT min(id) FROM fluss_read('{table.Name}$log'); INSERT INTO few SELECT id FROM fluss_read('{table.Name}') WHERE id < 2; SELECT sum(id) FROM few WHERE id < 10");
        Assert.Equal(52L, results.ReadSingle<long>());
        Assert.Equal(100L, results.ReadSingle<long>());
        Assert.Equal(1L, results.ReadSingle<long>());
    }

    [Fact]
    public void Two_reads_in_one_transaction_see_the_same_rows()
    {
        LabTable table = CreateHalfTiered(buckets: 2);
        string count = $"SELECT count(*) FROM fluss_read('{table.Name}')";
        using DbConnection connection = Open();
        using (DbTransaction transaction = connection.BeginTransaction())
        {
            Assert.Equal(150L, connection.ExecuteScalar<long>(count));
            Lab.Generate(table, 10, from: 150);
            Assert.Equal(150L, connection.ExecuteScalar<long>(count));
            Lab.Tier(table);
            Assert.Equal(149L, connection.ExecuteScalar<long>($"SELECT max(id) FROM fluss_read('shop.{table.Name}')"));
            transaction.Commit();
        }

        Assert.Equal(160L, connection.ExecuteScalar<long>(count));
        using (DbTransaction transaction = connection.BeginTransaction())
        {
            Assert.Equal(160L, connection.ExecuteScalar<long>(count));
            transaction.Rollback();
        }

        Lab.Generate(table, 1, from: 160);
        Assert.Equal(161L, connection.ExecuteScalar<long>(count));
    }

    [Fact]
    public void A_transaction_may_write_locally_what_it_reads()
    {
        LabTable table = CreateHalfTiered();
        using DbConnection connection = Open();
        connection.Execute("CREATE TABLE kept(id BIGINT)");
        using (DbTransaction transaction = connection.BeginTransaction())
        {
            Assert.Equal(150, connection.Execute($"INSERT INTO kept SELECT id FROM fluss_read('{table.Name}')"));
            transaction.Rollback();
        }

        Assert.Equal(0L, connection.ExecuteScalar<long>("SELECT count(*) FROM kept"));
    }

    [Fact]
    public void Limits_and_explain_work()
    {
        LabTable table = CreateHalfTiered();
        using DbConnection connection = Open();
        Assert.Empty(connection.ReadTexts($"SELECT * FROM fluss_read('{table.Name}') LIMIT 0"));
        Assert.Equal(5, connection.ReadTexts($"SELECT * FROM fluss_read('{table.Name}') LIMIT 5").Count);
        Assert.NotEmpty(connection.ReadTexts($"EXPLAIN SELECT * FROM fluss_read('{table.Name}')"));
        Assert.NotEmpty(connection.ReadTexts($"EXPLAIN ANALYZE SELECT * FROM fluss_read('{table.Name}')"));
    }

    [Fact]
    public void Odd_names_of_tables_and_columns_are_taken_as_they_are()
    {
        LabTable table = Create(LabTable.Unique("a-b") with
        {
            Columns =
            [
                new("select", "BIGINT NOT NULL"), new("日本", "STRING"), new("a\"b", "INT"), new("a b", "INT"), new("it's", "INT"), new("$1", "INT"), new("@x", "INT"), new("c0", "INT"),
                new("__n", "INT"), new("semi;colon--", "INT"),
            ],
        });
        object?[] Row(int i) => [i, $"値{i}", i + 1, i + 2, i + 3, i + 4, i + 5, i + 6, i + 7, i + 8];
        Lab.Append(table, Row(0), Row(10));
        Lab.Tier(table);
        Lab.Append(table, Row(20));

        AssertSameAsDump(table);
        using DbConnection connection = Open();
        Assert.Equal(table.Columns.Select(column => column.Name), connection.DescribeColumns($"SELECT * FROM fluss_read('{table.Name}')").Select(column => column.Name));
        Assert.Equal(22, connection.ExecuteScalar<int>($"SELECT \"a b\" FROM fluss_read('{table.Name}') WHERE \"select\" = 20 AND \"a\"\"b\" = 21"));
    }
}
