using System.Globalization;

using FlussLake.Client.Protocol;

namespace FlussLake.Client.Rpc;

/// <summary>The messages of failures below the level of tables.</summary>
internal static class RpcErrors
{
    public static FlussException FromServer(ApiKey key, string subject, ServerAddress server, int code, string? message, bool hasCredentials)
    {
        FlussErrorCode known = (FlussErrorCode)code;

        // A server's catch-all errors carry its stack trace.
        message = message?.Split('\n', 2)[0].TrimEnd();
        string text = string.IsNullOrEmpty(message) ? $"error {code.ToString(CultureInfo.InvariantCulture)} ({known})" : $"{message} ({known})";
        if (known == FlussErrorCode.AuthenticationFailed && !hasCredentials)
        {
            text += " The server accepts authenticated users only: set UserId and Password.";
        }

        return new FlussException($"{key} of {subject} failed at {server}: {text}", known);
    }

    public static FlussException UnreadableAnswer(ApiKey key, string subject, ServerAddress server, Exception cause) =>
        new($"The answer of {server} to {key} of {subject} cannot be read: {cause.Message}", FlussErrorCode.CorruptMessage, cause) { IsDamage = true };

    public static FlussException Lost(ServerAddress server, string why, Exception? cause = null) =>
        new($"The connection to {server} was lost: {why}", FlussErrorCode.NetworkFailure, cause);

    public static FlussException CannotConnect(ServerAddress server, string why, Exception? cause = null) =>
        new($"Cannot connect to {server}: {why}", FlussErrorCode.NetworkFailure, cause);

    public static FlussException NotTheProtocol(ServerAddress server, string what) =>
        new($"{server} does not speak the Fluss protocol: {what} The connection was closed.", FlussErrorCode.CorruptMessage) { IsDamage = true };

    public static FlussException NoAnswer(PendingRequest request, ServerAddress server, string state) =>
        new($"{request.Key} of {request.Subject} got no answer from {server} in time: {state}.", FlussErrorCode.RequestTimeout);

    public static FlussException NotServed(PendingRequest request, ServerAddress server) =>
        new($"{server} does not serve {request.Key} in a version that this client speaks ({request.Subject}).", FlussErrorCode.UnsupportedVersion);

    public static FlussException OtherServer(PendingRequest request, ServerAddress server, ServerType found) => new(
        $"{request.Key} of {request.Subject} needs a {request.RequiredServer}, but a {found} answers at {server}.", FlussErrorCode.NetworkFailure);

    public static FlussException Refused(ServerAddress server, string user, ServerErrorException refusal) =>
        new($"{server} refused the user '{user}': {refusal.Message} ({refusal.Code}). Check UserId and Password.", refusal.Code);

    /// <summary>The same failure, told for one of the requests that it hit.</summary>
    public static FlussException For(PendingRequest request, FlussException cause) =>
        new($"{request.Key} of {request.Subject} failed. {cause.Message}", cause.Code, cause) { IsDamage = cause.IsDamage };
}
