using Microsoft.Data.Sqlite;

namespace FlussLake.Embedded.State;

/// <summary>Statements with parameters in their order: <c>$0</c>, <c>$1</c> and so on.</summary>
internal static class SqliteExtensions
{
    public static void Run(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using SqliteCommand command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    /// <summary>The rows of a query, each as what <paramref name="read"/> makes of it.</summary>
    public static List<T> Rows<T>(this SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using SqliteCommand command = Command(connection, sql, values);
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The next number of a counter, which never gives one twice: rolled back with its transaction, kept when what it numbers is dropped.</summary>
    public static long Next(this SqliteConnection connection, string counter)
    {
        using SqliteCommand command = Command(connection, "INSERT INTO counters(name, value) VALUES($0, 0) ON CONFLICT(name) DO UPDATE SET value = value + 1 RETURNING value", [counter]);
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, ReadOnlySpan<object?> values)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i}", values[i] ?? DBNull.Value);
        }

        return command;
    }
}
