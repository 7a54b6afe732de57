namespace FlussLake.Embedded.Tests.Cancellation;

/// <summary>What ends a call before its time.</summary>
public enum StopTrigger
{
    /// <summary>The token that the call was given; calls without one are cancelled.</summary>
    Token,

    /// <summary>DbCommand.Cancel, from another thread.</summary>
    Cancel,

    /// <summary>The command's time-out of one second.</summary>
    Timeout,
}
