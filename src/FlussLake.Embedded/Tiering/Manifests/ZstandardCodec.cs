using Avro.File;
using ZstdSharp;

namespace FlussLake.Embedded.Tiering.Manifests;

/// <summary>Paimon's usual compression of manifests, which Avro's library leaves to its users. It only writes.</summary>
internal sealed class ZstandardCodec : Codec
{
    private const int Level = 1;

    public override byte[] Compress(byte[] uncompressedData)
    {
        using Compressor compressor = new(Level);
        return compressor.Wrap(uncompressedData).ToArray();
    }

    public override void Compress(MemoryStream inputStream, MemoryStream outputStream)
    {
        ArgumentNullException.ThrowIfNull(inputStream);
        ArgumentNullException.ThrowIfNull(outputStream);
        byte[] compressed = Compress(inputStream.ToArray());
        outputStream.SetLength(0);
        outputStream.Write(compressed);
    }

    public override byte[] Decompress(byte[] compressedData, int length) => throw new NotSupportedException();

    public override string GetName() => "zstandard";

    public override bool Equals(object? other) => other is ZstandardCodec;

    public override int GetHashCode() => GetType().GetHashCode();
}
