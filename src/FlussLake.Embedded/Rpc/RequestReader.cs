using System.Buffers.Binary;

using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;

namespace FlussLake.Embedded.Rpc;

/// <summary>Cuts the bytes of one client into request frames.</summary>
internal sealed class RequestReader(ByteSource source)
{
    // As the real server: the limit counts the four bytes of the length.
    private const int MaxRequestSize = 100 << 20;
    private const int MinRequestLength = 8;

    // A request grows to its announced size only as its bytes arrive.
    private const int FirstAllocation = 1 << 20;

    private readonly byte[] _length = new byte[FrameFormat.LengthSize];

    /// <summary>Reads one request without its length.</summary>
    /// <returns>At least the key, the version and the id; null at the end of the stream, also inside of a request.</returns>
    /// <exception cref="FormatException">The announced length is not possible.</exception>
    public byte[]? Read()
    {
        if (!TryFill(_length))
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(_length);
        return length is < MinRequestLength or > MaxRequestSize - FrameFormat.LengthSize
            ? throw new FormatException($"A request of {length} bytes is not possible: {MinRequestLength} to {MaxRequestSize - FrameFormat.LengthSize} are.")
            : ReadBody(length);
    }

    private byte[]? ReadBody(int length)
    {
        byte[] bytes = new byte[Math.Min(length, FirstAllocation)];
        int read = 0;
        while (TryFill(bytes.AsSpan(read)))
        {
            read = bytes.Length;
            if (read == length)
            {
                return bytes;
            }

            Array.Resize(ref bytes, (int)Math.Min(length, bytes.Length * 2L));
        }

        return null;
    }

    private bool TryFill(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int read = source(bytes);
            if (read == 0)
            {
                return false;
            }

            bytes = bytes[read..];
        }

        return true;
    }
}
