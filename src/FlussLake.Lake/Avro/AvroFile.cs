using System.Text;

namespace FlussLake.Lake.Avro;

/// <summary>
/// An Avro object container file in memory: its header, then its blocks one by one. Written by hand because the file may be damaged or hostile: a general reader
/// trusts the lengths it finds (ten bytes are enough to have it allocate gigabytes) and the recursion of the schema it is given.
/// </summary>
internal sealed class AvroFile
{
    /// <summary>The most bytes that a block may have when decompressed. Writers end a block at about 64 KiB.</summary>
    internal const int MaximumBlockBytes = 64 << 20;

    /// <summary>The most bytes that all blocks together may have when decompressed. Writers begin a new manifest at 8 MiB.</summary>
    internal const long MaximumTotalBytes = 512L << 20;

    private const int SyncLength = 16;
    private readonly byte[] _bytes;
    private readonly byte[] _sync;
    private readonly string _codec;
    private int _position;
    private long _total;

    private AvroFile(string name, byte[] bytes, byte[] schema, string codec, byte[] sync, int position)
    {
        Name = name;
        _bytes = bytes;
        Schema = AvroSchemaParser.Parse(name, schema);
        SchemaText = schema;
        _codec = codec;
        _sync = sync;
        _position = position;
    }

    /// <summary>The file's path, for messages.</summary>
    internal string Name { get; }

    /// <summary>The schema that the file was written with.</summary>
    internal AvroSchema Schema { get; }

    /// <summary>The same schema as the file holds it, in JSON.</summary>
    internal ReadOnlyMemory<byte> SchemaText { get; }

    internal static AvroFile Open(string name, byte[] bytes)
    {
        if (!bytes.AsSpan().StartsWith("Obj\u0001"u8)) throw LakeErrors.Damaged(name, "it is not an Avro file");
        AvroReader reader = new(bytes.AsSpan(4), name);
        byte[]? schema = null;
        string codec = "null";
        for (long count = reader.NextBlock(2); count > 0; count = reader.NextBlock(2))
        {
            for (; count > 0; count--)
            {
                ReadOnlySpan<byte> key = reader.ReadRaw(reader.ReadVarint());
                ReadOnlySpan<byte> value = reader.ReadRaw(reader.ReadVarint());
                if (key.SequenceEqual("avro.schema"u8)) schema = value.ToArray();
                else if (key.SequenceEqual("avro.codec"u8)) codec = Encoding.UTF8.GetString(value[..Math.Min(64, value.Length)]);
            }
        }

        byte[] sync = reader.ReadRaw(SyncLength).ToArray();
        if (schema is null) throw LakeErrors.Damaged(name, "its header has no schema");
        return new AvroFile(name, bytes, schema, codec, sync, bytes.Length - reader.Remaining);
    }

    /// <summary>Gives the next block.</summary>
    /// <param name="records">The number of records in it; never more than its bytes can hold.</param>
    /// <param name="data">The decompressed bytes.</param>
    /// <returns>False at the end of the file.</returns>
    internal bool TryNextBlock(out long records, out ReadOnlyMemory<byte> data)
    {
        records = 0;
        data = default;
        if (_position == _bytes.Length) return false;
        AvroReader reader = new(_bytes.AsSpan(_position), Name);
        records = reader.ReadVarint();
        long length = reader.ReadVarint();
        if (length < 0 || length > reader.Remaining - SyncLength) throw LakeErrors.Damaged(Name, $"a block claims {length} bytes where {reader.Remaining} are left");
        int start = _bytes.Length - reader.Remaining;
        reader.ReadRaw(length);
        if (!reader.ReadRaw(SyncLength).SequenceEqual(_sync)) throw LakeErrors.Damaged(Name, "the mark behind a block differs from the header's");
        _position = _bytes.Length - reader.Remaining;

        data = AvroCodec.Decompress(_codec, _bytes.AsMemory(start, (int)length), (int)Math.Min(MaximumBlockBytes, MaximumTotalBytes - _total), Name);
        _total += data.Length;
        if (records < 0 || records > data.Length / Math.Max(1, Schema.MinimumSize))
            throw LakeErrors.Damaged(Name, $"a block of {data.Length} bytes claims {records} records");
        return true;
    }
}
