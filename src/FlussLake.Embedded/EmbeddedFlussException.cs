namespace FlussLake.Embedded;

/// <summary>Why an embedded server could not start: its data directory is in use, cannot be written, is damaged or was written by a newer version, or its port is taken.</summary>
public sealed class EmbeddedFlussException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="message">What went wrong, naming the file or port at fault, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public EmbeddedFlussException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
