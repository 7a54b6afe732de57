using System.Data.Common;

namespace FlussLake.Data.Instances;

/// <summary>DuckDB.NET's own connection strings: a data source and DuckDB's settings, nothing else, because it refuses other keys.</summary>
internal static class DuckDbConnectionString
{
    public static string Of(string dataSource) => new DbConnectionStringBuilder { ["DataSource"] = dataSource }.ConnectionString;

    public static string Of(string dataSource, SortedDictionary<string, string> settings, string? tempDirectory)
    {
        DbConnectionStringBuilder builder = new() { ["DataSource"] = dataSource };
        foreach ((string name, string value) in settings)
        {
            builder[name] = value;
        }

        if (tempDirectory is not null)
        {
            builder["temp_directory"] = tempDirectory;
        }

        return builder.ConnectionString;
    }
}
