using System.Collections.Concurrent;
using System.Globalization;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.DuckDb;

/// <summary>What the log function shares within one DuckDB instance: the anchor's native connection, which the Arrow hand-over names, and the converted schemas of the types seen.</summary>
internal sealed class LogFunctionInstance : IDisposable
{
    private readonly DuckDBNativeConnection _connection;
    private readonly ConcurrentDictionary<string, NativeSchema> _schemas = new(StringComparer.Ordinal);

    private LogFunctionInstance(DuckDBNativeConnection connection, int threads)
    {
        _connection = connection;
        Threads = threads;
    }

    public DuckDBNativeConnection Connection => _connection;

    /// <summary>The instance's threads at the time of registration.</summary>
    public int Threads { get; }

    public static LogFunctionInstance Of(DuckDBConnection anchor)
    {
        using DuckDBCommand command = new("SELECT current_setting('threads')", anchor);
        return new LogFunctionInstance(anchor.NativeConnection, Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture));
    }

    /// <summary>The converted schema of a column of a type. Nullability does not matter: DuckDB has none here.</summary>
    public NativeSchema Schema(FlussType type) => _schemas.GetOrAdd(type.ToString(), _ => NativeSchema.Create(_connection, type));

    public void Dispose()
    {
        foreach (NativeSchema schema in _schemas.Values)
        {
            schema.Dispose();
        }
    }
}
