namespace FlussLake.Embedded.Parquet;

/// <summary>The physical types of the Parquet format, with the numbers that files hold.</summary>
internal enum ParquetType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Int96 = 3,
    Float = 4,
    Double = 5,
    ByteArray = 6,
    FixedLengthByteArray = 7,
}
