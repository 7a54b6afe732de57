namespace FlussLake.Client.Write.Keys;

/// <summary>
/// Encodes the bucket key of a row to the bytes that a <see cref="BucketFunction"/> hashes, as the lake format of the table asks.
/// Source: <c>fluss-common/src/main/java/org/apache/fluss/row/encode/KeyEncoder.java</c>.
/// </summary>
internal abstract class KeyEncoder(KeyColumn[] columns)
{
    protected const string Purpose = "bucket key";

    protected KeyColumn[] Columns { get; } = columns;

    protected KeyBuffer Buffer { get; } = new();

    /// <summary>The encoder of a <c>table.datalake.format</c>; null for a table without one.</summary>
    /// <exception cref="FlussException">The format is not known, or cannot have such bucket keys.</exception>
    public static KeyEncoder For(TablePath table, KeyColumn[] columns, string? lakeFormat) => lakeFormat?.ToUpperInvariant() switch
    {
        null or "LANCE" => new CompactedKeyEncoder(columns),
        "PAIMON" => new PaimonKeyEncoder(columns),
        "ICEBERG" => columns.Length == 1 ? new IcebergKeyEncoder(columns) : throw KeyErrors.OneColumn(table, columns.Length),
        _ => throw KeyErrors.UnknownFormat(table, lakeFormat),
    };

    /// <summary>Encodes a row's key.</summary>
    /// <returns>The bytes, good until the next call.</returns>
    /// <exception cref="ArgumentException">A value cannot be a key: null, or outside of the column's range.</exception>
    public ReadOnlySpan<byte> Encode(FlussRow row)
    {
        Buffer.Clear();
        Write(row);
        return Buffer.Bytes;
    }

    protected abstract void Write(FlussRow row);
}
