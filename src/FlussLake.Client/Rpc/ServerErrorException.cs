namespace FlussLake.Client.Rpc;

/// <summary>An error that a server answered while a connection was being opened, until it is told as a <see cref="FlussException"/>. Never leaves the connection.</summary>
internal sealed class ServerErrorException(FlussErrorCode code, string message) : Exception(message)
{
    public FlussErrorCode Code { get; } = code;
}
