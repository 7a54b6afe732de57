using DuckDB.NET.Data;
using FlussLake.Data.Sessions;
using FlussLake.Data.Sql;

namespace FlussLake.Data.DuckDb;

/// <summary>Puts the provider's functions into DuckDB: once an instance, and the macro that carries the connection's key once a connection.</summary>
internal static class FlussFunctions
{
    /// <summary>Registers the planning function and the log table function in the instance of <paramref name="anchor"/>. The caller holds the process-wide registration lock.</summary>
    public static void RegisterInstance(DuckDBConnection anchor)
    {
        PlanFunction.Register(anchor);
        FilesFunction.Register(anchor);
        LogFunction.Register(anchor);
    }

    /// <summary>Creates <c>fluss_read</c> for one connection, as a TEMP macro: it works on read-only files and leaves nothing in a file database.</summary>
    public static void CreateMacros(DuckDBConnection connection, Session session)
    {
        // txid_current() makes DuckDB bind a prepared statement afresh at each execution: without it a plan would be read again for ever. Its value is one database's;
        // current_transaction_id() is the same for all attached ones, and tells the transaction.
        using DuckDBCommand command = new(
            "CREATE OR REPLACE TEMP MACRO fluss_read(a, b := NULL, c := NULL) AS TABLE "
            + $"(SELECT * FROM query({PlanFunction.Name}({SqlQuote.Literal(session.Key)}, current_transaction_id(), txid_current(), a, b, c)))",
            connection);
        command.ExecuteNonQuery();
    }
}
