namespace FlussLake.Cluster.Tests.Kit;

/// <summary>A table of a test: what the lab creates it from, and what a reader's rows are compared by.</summary>
/// <param name="Database">The table's database.</param>
/// <param name="Name">The table's name.</param>
public sealed record LabTable(string Database, string Name)
{
    private static int s_last;

    public IReadOnlyList<LabColumn> Columns { get; init; } = [new("id", "BIGINT NOT NULL"), new("status", "STRING"), new("amount", "DECIMAL(12,2)")];

    public int Buckets { get; init; } = 1;

    public IReadOnlyList<string> BucketKey { get; init; } = [];

    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    public IReadOnlyList<string> PartitionedBy { get; init; } = [];

    /// <summary>Whether the lake is enabled; null takes the lab's default: yes, where the cluster has a lake.</summary>
    public bool? Lake { get; init; }

    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> CustomProperties { get; init; } = new Dictionary<string, string>();

    /// <summary><c>database.name</c></summary>
    public string Path => $"{Database}.{Name}";

    /// <summary>The folder of the table in a Paimon warehouse.</summary>
    public string LakeFolder(KitCluster cluster) => System.IO.Path.Combine(cluster.Warehouse, Database + ".db", Name);

    /// <summary>A table that no other test uses, in the database that all tests share.</summary>
    public static LabTable Unique(string name = "orders") => new("shop", $"{name}_{Interlocked.Increment(ref s_last)}");
}
