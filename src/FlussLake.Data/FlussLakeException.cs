using System.Data.Common;

namespace FlussLake.Data;

/// <summary>stub</summary>
public sealed class FlussLakeException : DbException
{
    /// <summary>stub</summary>
    /// <param name="message">m</param>
    /// <param name="innerException">i</param>
    public FlussLakeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
