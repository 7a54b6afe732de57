using System.Collections.Concurrent;
using FlussLake.Data.Sessions;

namespace FlussLake.Data.Instances;

/// <summary>A connection string, read once: what goes to Fluss, what goes to DuckDB, and what may be shown.</summary>
internal sealed class ConnectionOptions
{
    // Connection strings of a program are few; a program that makes up new ones must not fill the memory.
    private const int CacheLimit = 256;
    private static readonly ConcurrentDictionary<string, ConnectionOptions> s_cache = new(StringComparer.Ordinal);

    private ConnectionOptions(string connectionString)
    {
        FlussLakeConnectionStringBuilder builder = new(connectionString);
        ConnectionString = connectionString;
        PublicConnectionString = builder.Password is null ? connectionString : builder.WithoutPassword();
        DataSource = builder.DataSource.Trim();
        Session = builder.ToSessionSettings();
        DuckDb = builder.DuckDbSettings();
        if (string.IsNullOrEmpty(Session.UserId) != string.IsNullOrEmpty(Session.Password))
        {
            throw new ArgumentException(Messages.CredentialsInPart(string.IsNullOrEmpty(Session.UserId)));
        }

        // Fluss has no order across buckets, and DuckDB's default order keeps CREATE TABLE AS and SELECT * on one thread.
        DuckDb.TryAdd("preserve_insertion_order", "false");
        if (DataSource.StartsWith(":memory:", StringComparison.OrdinalIgnoreCase) && DataSource.Length > ":memory:".Length)
        {
            throw new ArgumentException(Messages.NamedMemory(DataSource));
        }
    }

    public string ConnectionString { get; }

    /// <summary>The connection string without its password.</summary>
    public string PublicConnectionString { get; }

    /// <summary>Empty for the shared instance, <c>:memory:</c>, or a file.</summary>
    public string DataSource { get; }

    public SessionSettings Session { get; }

    /// <summary>DuckDB's settings by their lower-case names, as given and with our defaults, except the default of temp_directory: each instance has its own.</summary>
    public SortedDictionary<string, string> DuckDb { get; }

    public bool IsShared => DataSource.Length == 0;

    public bool IsMemory => string.Equals(DataSource, ":memory:", StringComparison.OrdinalIgnoreCase);

    public static ConnectionOptions Parse(string connectionString)
    {
        if (s_cache.TryGetValue(connectionString, out ConnectionOptions? options))
        {
            return options;
        }

        options = new ConnectionOptions(connectionString);
        if (s_cache.Count < CacheLimit)
        {
            s_cache.TryAdd(connectionString, options);
        }

        return options;
    }
}
