namespace FlussLake.Data.Execution;

/// <summary>Why a statement stops before its end.</summary>
internal enum StopReason
{
    None,

    /// <summary>Cancel was called, or the call's token was cancelled.</summary>
    Cancelled,

    /// <summary>The call took longer than the command's time-out.</summary>
    TimedOut,

    /// <summary>The reader or the connection was closed while a call ran on another thread.</summary>
    Closed,
}
