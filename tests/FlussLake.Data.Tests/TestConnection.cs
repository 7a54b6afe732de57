namespace FlussLake.Data.Tests;

/// <summary>Open connections and one-line statements.</summary>
internal static class TestConnection
{
    public static FlussLakeConnection Open(string connectionString = "")
    {
        FlussLakeConnection connection = new(connectionString);
        connection.Open();
        return connection;
    }

    public static FlussLakeCommand Command(this FlussLakeConnection connection, string sql, int? timeout = null)
    {
        FlussLakeCommand command = new(sql, connection);
        if (timeout is { } seconds)
        {
            command.CommandTimeout = seconds;
        }

        return command;
    }

    public static FlussLakeCommand WithParameter(this FlussLakeCommand command, string name, object? value)
    {
        command.Parameters.Add(new DuckDB.NET.Data.DuckDBParameter(name, value));
        return command;
    }

    public static int Run(this FlussLakeConnection connection, string sql)
    {
        using FlussLakeCommand command = connection.Command(sql);
        return command.ExecuteNonQuery();
    }

    public static object? Scalar(this FlussLakeConnection connection, string sql)
    {
        using FlussLakeCommand command = connection.Command(sql);
        return command.ExecuteScalar();
    }
}
