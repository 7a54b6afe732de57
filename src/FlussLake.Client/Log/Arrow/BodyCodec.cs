namespace FlussLake.Client.Log.Arrow;

/// <summary>How the buffers of a record batch are compressed.</summary>
internal enum BodyCodec
{
    None,
    Lz4Frame,
    Zstd,
}
