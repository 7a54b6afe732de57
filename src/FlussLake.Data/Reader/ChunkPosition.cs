using System.Runtime.CompilerServices;
using DuckDB.NET.Data;

namespace FlussLake.Data.Reader;

/// <summary>
/// Whether the next row is in memory already, so that an asynchronous read need not leave its thread: a read of 2,048 rows would cost as many thread switches.
/// DuckDB.NET does not say so in public. This only looks, and where a version of it counts differently, the answer is no and everything works, slower.
/// </summary>
internal static class ChunkPosition
{
    private static volatile bool s_unknown;

    public static bool HasNextRow(DuckDBDataReader reader)
    {
        if (s_unknown)
        {
            return false;
        }

        try
        {
            return RowsRead(reader) < RowCount(reader);
        }
        catch (MissingFieldException)
        {
            s_unknown = true;
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "rowsReadFromCurrentChunk")]
    private static extern ref ulong RowsRead(DuckDBDataReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "currentChunkRowCount")]
    private static extern ref ulong RowCount(DuckDBDataReader reader);
}
