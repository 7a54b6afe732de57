namespace FlussLake.Client;

/// <summary>When a server counts rows as written.</summary>
public enum WriteAcks
{
    /// <summary>When every in-sync replica has them.</summary>
    All = -1,

    /// <summary>At once, without waiting for anything: acknowledged rows may be lost.</summary>
    None = 0,

    /// <summary>When the bucket's leader has them. They are lost when it fails before a replica has fetched them.</summary>
    Leader = 1,
}
