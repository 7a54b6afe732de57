namespace FlussLake.Data;

/// <summary>How far a <see cref="FlussBulkCopy"/> has come.</summary>
public sealed class FlussRowsCopiedEventArgs : EventArgs
{
    internal FlussRowsCopiedEventArgs(long rowsCopied, long rowsAcknowledged)
    {
        RowsCopied = rowsCopied;
        RowsAcknowledged = rowsAcknowledged;
    }

    /// <summary>The rows taken from the source so far.</summary>
    public long RowsCopied { get; }

    /// <summary>Those of them that the cluster has acknowledged: every reader sees them, and they stay.</summary>
    public long RowsAcknowledged { get; }

    /// <summary>Set to true to end the copy: it throws <see cref="OperationCanceledException"/> once the rows taken so far are written.</summary>
    public bool Abort { get; set; }
}
