namespace FlussLake.Lake.Paimon;

/// <summary>A data file that an index manifest says has a deletion vector.</summary>
internal sealed record PaimonDeletionEntry(byte[] Partition, int Bucket, string DataFile);
