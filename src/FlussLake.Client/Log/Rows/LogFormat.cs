namespace FlussLake.Client.Log.Rows;

/// <summary>How the batches of a log hold their records.</summary>
internal enum LogFormat
{
    /// <summary>Column by column, as one Arrow record batch.</summary>
    Arrow,

    /// <summary>Row by row, numbers at their full width and the lengths of variable values in front.</summary>
    Indexed,

    /// <summary>Row by row, numbers and lengths as varints.</summary>
    Compacted,
}
