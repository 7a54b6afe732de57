namespace FlussLake.Client.Log;

/// <summary>What became of taking a batch from a scan.</summary>
internal enum TakeResult
{
    /// <summary>There is a batch.</summary>
    Taken,

    /// <summary>All ranges are read.</summary>
    Finished,

    /// <summary>No batch has come in time; the scan goes on.</summary>
    GaveUp,
}
