using DuckDB.NET.Data;
using FlussLake.Data.Sessions;

namespace FlussLake.Data.DuckDb;

/// <summary>Puts the provider's functions into DuckDB: once an instance, and the macro that carries the connection's key once a connection.</summary>
internal static class FlussFunctions
{
    /// <summary>Registers the planning function and the log table function in the instance of <paramref name="anchor"/>. The caller holds the process-wide registration lock.</summary>
    public static void RegisterInstance(DuckDBConnection anchor)
    {
    }

    /// <summary>Creates <c>fluss_read</c> for one connection, as a TEMP macro: it works on read-only files and leaves nothing in a file database.</summary>
    public static void CreateMacros(DuckDBConnection connection, Session session)
    {
    }
}
