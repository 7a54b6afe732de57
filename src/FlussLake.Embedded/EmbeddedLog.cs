using FlussLake.Client.Protocol;

using Microsoft.Extensions.Logging;

namespace FlussLake.Embedded;

/// <summary>Every log line of the embedded server. None of them holds credentials.</summary>
internal static partial class EmbeddedLog
{
    [LoggerMessage(1, LogLevel.Information, "Embedded Fluss serves {Servers}, data in {Data}.")]
    public static partial void Started(ILogger logger, string servers, string data);

    [LoggerMessage(2, LogLevel.Error, "The request {Key} failed.")]
    public static partial void RequestFailed(ILogger logger, ApiKey key, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "The state could not be written; the changes that waited for it were refused.")]
    public static partial void WritingFailed(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "A request could not be told what became of its change.")]
    public static partial void ReportingFailed(ILogger logger, Exception exception);
}
