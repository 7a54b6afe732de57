namespace FlussLake.Embedded.Parquet;

/// <summary>What the values of a field mean. Each has an old form (the converted type) and a new one (the logical type); files carry both.</summary>
internal enum ParquetAnnotation
{
    None,
    String,
    Map,
    MapEntries,
    List,
    Decimal,
    Date,
    TimeMillisUtc,
    TimestampMillis,
    TimestampMicros,
    TimestampMillisUtc,
    TimestampMicrosUtc,
    Int8,
    Int16,
}
