namespace FlussLake.Embedded.Parquet;

/// <summary>How often a field occurs in its parent, with the numbers that files hold.</summary>
internal enum ParquetRepetition
{
    Required = 0,
    Optional = 1,
    Repeated = 2,
}
