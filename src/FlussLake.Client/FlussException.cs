namespace FlussLake.Client;

/// <summary>The exception of every failure of the Fluss client: what a server answered, and what the client found wrong with an answer or a connection.</summary>
public sealed class FlussException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="message">What went wrong, naming the table, bucket, offset or server at fault.</param>
    /// <param name="code">The server's code, or the code that the client's own finding corresponds to.</param>
    /// <param name="innerException">The cause, or null.</param>
    public FlussException(string message, FlussErrorCode code, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>The code of the Fluss protocol. Failures to connect and lost connections have <see cref="FlussErrorCode.NetworkFailure"/>.</summary>
    public FlussErrorCode Code { get; }

    /// <summary>Whether bytes arrived that are no answer, so that the same request may well be answered another time; false for what a server said.</summary>
    internal bool IsDamage { get; init; }

    /// <summary>Whether the same call may succeed when it is made again later.</summary>
    public bool IsTransient => Code.IsRetriable();
}
