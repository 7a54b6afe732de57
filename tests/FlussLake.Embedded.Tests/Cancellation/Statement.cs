using FlussLake.Data;

namespace FlussLake.Embedded.Tests.Cancellation;

/// <summary>A way to run a statement that reads shop.orders, in both forms.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Sql">The statement.</param>
/// <param name="Run">The synchronous form.</param>
/// <param name="RunAsync">The asynchronous form.</param>
internal sealed record Statement(string Name, string Sql, Action<FlussLakeCommand> Run, Func<FlussLakeCommand, CancellationToken, Task> RunAsync)
{
    private const string Read = "SELECT * FROM fluss_read('orders')";

    public static IReadOnlyList<Statement> All { get; } =
    [
        new("reader", Read, ReadAll, ReadAllAsync),
        new("scalar", "SELECT sum(id) FROM fluss_read('orders')", static command => command.ExecuteScalar(), static (command, token) => command.ExecuteScalarAsync(token)),
        new("rows for nobody", Read, NonQuery, NonQueryAsync),
        new("create", "CREATE TABLE copy AS " + Read, NonQuery, NonQueryAsync),
        new("insert", "INSERT INTO local SELECT id FROM fluss_read('orders')", NonQuery, NonQueryAsync),
        new("second result", "SELECT 1; " + Read, ReadAll, ReadAllAsync),
    ];

    /// <summary>The statement's text over another query with one number a row.</summary>
    public string Over(string query) =>
        Sql.Replace("* FROM fluss_read('orders')", $"* FROM ({query})", StringComparison.Ordinal)
            .Replace("sum(id) FROM fluss_read('orders')", $"sum(x) FROM ({query})", StringComparison.Ordinal)
            .Replace("id FROM fluss_read('orders')", $"x FROM ({query})", StringComparison.Ordinal);

    public static void Open(FlussLakeConnection connection) => connection.Run("CREATE TABLE local (id BIGINT)");

    /// <summary>Nothing of what the statement was to write is there, and the next one reads every row.</summary>
    public static void AssertNothingIsLeft(FlussLakeConnection connection, long rows, string servers = "")
    {
        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM local"));
        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'copy' AND database_name = current_database()"));
        Assert.Equal($"{rows} rows, sum {rows * (rows - 1) / 2}", connection.Scalar($"SELECT count(*) || ' rows, sum ' || sum(id) FROM fluss_read({servers}'shop.orders')"));
    }

    private static void NonQuery(FlussLakeCommand command) => command.ExecuteNonQuery();

    private static Task<int> NonQueryAsync(FlussLakeCommand command, CancellationToken token) => command.ExecuteNonQueryAsync(token);

    private static void ReadAll(FlussLakeCommand command)
    {
        using FlussLakeDataReader reader = command.ExecuteReader();
        do
        {
            while (reader.Read())
            {
            }
        }
        while (reader.NextResult());
    }

    private static async Task ReadAllAsync(FlussLakeCommand command, CancellationToken token)
    {
        await using FlussLakeDataReader reader = await command.ExecuteReaderAsync(token);
        do
        {
            while (await reader.ReadAsync(token))
            {
            }
        }
        while (await reader.NextResultAsync(token));
    }
}
