namespace FlussLake.Embedded.Tiering.Manifests;

/// <summary>The Avro schemas of Paimon 1.3's manifests and manifest lists.</summary>
internal static class ManifestSchemas
{
    private const string Head = """{"type":"record","name":"NAME","namespace":"org.apache.paimon.avro.generated","fields":[""";

    private const string Statistics =
        """{"name":"_MIN_VALUES","type":"bytes"},{"name":"_MAX_VALUES","type":"bytes"},{"name":"_NULL_COUNTS","default":null,"type":["null",{"type":"array","items":["null","long"]}]}]}""";

    public static string ManifestList { get; } = Record("record") +
        """{"name":"_VERSION","type":"int"},{"name":"_FILE_NAME","type":"string"},{"name":"_FILE_SIZE","type":"long"},""" +
        """{"name":"_NUM_ADDED_FILES","type":"long"},{"name":"_NUM_DELETED_FILES","type":"long"},{"name":"_PARTITION_STATS","type":""" +
        Record("record__PARTITION_STATS") + Statistics + """},{"name":"_SCHEMA_ID","type":"long"},""" +
        """{"name":"_MIN_BUCKET","default":null,"type":["null","int"]},{"name":"_MAX_BUCKET","default":null,"type":["null","int"]},""" +
        """{"name":"_MIN_LEVEL","default":null,"type":["null","int"]},{"name":"_MAX_LEVEL","default":null,"type":["null","int"]}]}""";

    public static string Manifest { get; } = Record("record") +
        """{"name":"_VERSION","type":"int"},{"name":"_KIND","type":"int"},{"name":"_PARTITION","type":"bytes"},{"name":"_BUCKET","type":"int"},""" +
        """{"name":"_TOTAL_BUCKETS","type":"int"},{"name":"_FILE","type":""" + Record("record__FILE") +
        """{"name":"_FILE_NAME","type":"string"},{"name":"_FILE_SIZE","type":"long"},{"name":"_ROW_COUNT","type":"long"},""" +
        """{"name":"_MIN_KEY","type":"bytes"},{"name":"_MAX_KEY","type":"bytes"},""" +
        """{"name":"_KEY_STATS","type":""" + Record("record__FILE__KEY_STATS") + Statistics +
        """},{"name":"_VALUE_STATS","type":""" + Record("record__FILE__VALUE_STATS") + Statistics +
        """},{"name":"_MIN_SEQUENCE_NUMBER","type":"long"},{"name":"_MAX_SEQUENCE_NUMBER","type":"long"},{"name":"_SCHEMA_ID","type":"long"},""" +
        """{"name":"_LEVEL","type":"int"},{"name":"_EXTRA_FILES","type":{"type":"array","items":"string"}},""" +
        """{"name":"_CREATION_TIME","default":null,"type":["null",{"type":"long","logicalType":"timestamp-millis"}]},""" +
        """{"name":"_DELETE_ROW_COUNT","default":null,"type":["null","long"]},{"name":"_EMBEDDED_FILE_INDEX","default":null,"type":["null","bytes"]},""" +
        """{"name":"_FILE_SOURCE","default":null,"type":["null","int"]},{"name":"_VALUE_STATS_COLS","default":null,"type":["null",{"type":"array","items":"string"}]},""" +
        """{"name":"_EXTERNAL_PATH","default":null,"type":["null","string"]},{"name":"_FIRST_ROW_ID","default":null,"type":["null","long"]},""" +
        """{"name":"_WRITE_COLS","default":null,"type":["null",{"type":"array","items":"string"}]}]}}]}""";

    private static string Record(string name) => Head.Replace("NAME", name, StringComparison.Ordinal);
}
