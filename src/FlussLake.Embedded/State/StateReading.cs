using System.Text.Json;

using FlussLake.Client;

using Microsoft.Data.Sqlite;

namespace FlussLake.Embedded.State;

/// <summary>Turns what goes wrong while the state is read at start into an error that says what to do.</summary>
internal static class StateReading
{
    public static void Run(string? file, Action read)
    {
        try
        {
            read();
        }
        catch (Exception exception) when (exception is SqliteException or FlussException or JsonException or InvalidCastException or OverflowException or ArgumentException)
        {
            throw StateStore.Damaged(file, exception);
        }
    }
}
