namespace FlussLake.Client.Metadata;

/// <summary>A partition of a table.</summary>
/// <param name="PartitionId">The cluster-wide id; a partition that is dropped and created again gets a new one.</param>
/// <param name="Name">The values joined by <c>$</c>, in the order of the partition keys, for example <c>20260801$eu</c>.</param>
/// <param name="Values">The value of each partition key, as Fluss writes it in names.</param>
public sealed record PartitionInfo(long PartitionId, string Name, IReadOnlyDictionary<string, string> Values);
