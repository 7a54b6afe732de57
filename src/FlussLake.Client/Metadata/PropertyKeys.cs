namespace FlussLake.Client.Metadata;

/// <summary>The <c>table.*</c> properties that decide how a table is read or written. Source: <c>fluss-common/src/main/java/org/apache/fluss/config/ConfigOptions.java</c>.</summary>
internal static class PropertyKeys
{
    /// <summary>ARROW (the default), INDEXED or COMPACTED.</summary>
    public const string LogFormat = "table.log.format";

    /// <summary>ZSTD (the default), LZ4_FRAME or NONE.</summary>
    public const string LogCompression = "table.log.arrow.compression.type";

    /// <summary>1 to 22; 3 unless set.</summary>
    public const string ZstdLevel = "table.log.arrow.compression.zstd.level";

    public const string LakeEnabled = "table.datalake.enabled";

    /// <summary>The format of the lake, which also decides how keys are encoded, even while the lake is disabled.</summary>
    public const string LakeFormat = "table.datalake.format";
}
