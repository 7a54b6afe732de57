using FlussLake.Client.Rpc;

using Microsoft.Extensions.Logging;

namespace FlussLake.Client;

/// <summary>Every log line of the client. None of them holds credentials.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(1, LogLevel.Debug, "Connected to {Server}.")]
    public static partial void Connected(ILogger logger, ServerAddress server);

    [LoggerMessage(2, LogLevel.Information, "Connection to {Server} closed: {Reason}")]
    public static partial void ConnectionClosed(ILogger logger, ServerAddress server, string reason);

    [LoggerMessage(3, LogLevel.Information, "Attempt {Attempt} failed, trying again in {Delay}: {Reason}")]
    public static partial void Retrying(ILogger logger, int attempt, TimeSpan delay, string? reason);

    [LoggerMessage(4, LogLevel.Debug, "Refreshing the leaders of {Table}.")]
    public static partial void RefreshingLeaders(ILogger logger, TablePath table);

    [LoggerMessage(5, LogLevel.Warning, "The log scan of {Table} failed: {Reason}")]
    public static partial void ScanFailed(ILogger logger, TablePath table, string reason);

    [LoggerMessage(6, LogLevel.Warning, "{Server} has no authentication: the user and password given were not used.")]
    public static partial void NotAuthenticated(ILogger logger, ServerAddress server);

    [LoggerMessage(7, LogLevel.Warning, "The append writer of {Table} failed: {Reason}")]
    public static partial void WriterFailed(ILogger logger, TablePath table, string reason);
}
