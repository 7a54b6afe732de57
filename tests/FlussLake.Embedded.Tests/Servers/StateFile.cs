using Microsoft.Data.Sqlite;

namespace FlussLake.Embedded.Tests.Servers;

/// <summary>The state of a server that does not run.</summary>
internal static class StateFile
{
    public static void Change(string dataDirectory, string sql)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(dataDirectory, "fluss.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
