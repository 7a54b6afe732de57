namespace FlussLake.Client.Write;

/// <summary>A partition as a row's values name it.</summary>
/// <param name="Name">The values joined by <c>$</c>, in the order of the partition keys.</param>
/// <param name="Values">The text of each partition key's value, in the order of the partition keys: what a request to create the partition carries.</param>
internal sealed record PartitionName(string Name, IReadOnlyList<KeyValuePair<string, string>> Values);
