namespace FlussLake.Lake;

/// <summary>A lake table cannot be planned: something is missing, damaged or not supported. The message names the file or option.</summary>
public sealed class LakeException : Exception
{
    /// <summary>Creates an exception for a damaged metadata file.</summary>
    /// <param name="message">What is wrong, naming the file, snapshot or option, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public LakeException(string message, Exception? innerException = null)
        : this(LakeErrorKind.Damaged, message, innerException)
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="kind">The kind of fault.</param>
    /// <param name="message">What is wrong, naming the file, snapshot or option, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public LakeException(LakeErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
    }

    /// <summary>The kind of fault.</summary>
    public LakeErrorKind Kind { get; }
}
