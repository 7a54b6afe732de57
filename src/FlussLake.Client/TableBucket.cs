namespace FlussLake.Client;

/// <summary>One bucket of one table, or of one partition of a partitioned table: the unit that has a log of its own.</summary>
/// <param name="TableId">The cluster-wide id of the table; a table that is dropped and created again gets a new one.</param>
/// <param name="PartitionId">The cluster-wide id of the partition, or null for a table without partitions.</param>
/// <param name="Bucket">The bucket's number, from 0 to the table's bucket count minus one.</param>
public readonly record struct TableBucket(long TableId, long? PartitionId, int Bucket);
