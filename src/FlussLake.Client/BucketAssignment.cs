namespace FlussLake.Client;

/// <summary>Which bucket a row of a table without bucket keys goes to.</summary>
public enum BucketAssignment
{
    /// <summary>All rows go to one bucket until its batch is sent, then to another one: few, large batches.</summary>
    Sticky,

    /// <summary>The buckets take turns, row by row: equal buckets, but one open batch for each of them.</summary>
    RoundRobin,
}
