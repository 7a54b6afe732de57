using System.Buffers.Binary;
using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Write.Columns;

/// <summary>
/// Collects the nodes of a record batch and lays its buffers one behind the other, each padded to 8 bytes and, but for an empty one, compressed: a length and the
/// compressed bytes, or -1 and the bytes as they are where compression does not shorten them.
/// </summary>
internal sealed class BodyWriter(BodyCodec codec, int zstdLevel)
{
    private const int Alignment = 8;
    private const int PrefixSize = 8;

    private readonly List<FieldNode> _nodes = [];
    private readonly List<(long Start, long Length)> _buffers = [];
    private ZstdCompressor? _zstd;
    private byte[] _target = [];
    private int _start;
    private int _position;
    private bool _measuring;
    private long _measured;

    public List<FieldNode> Nodes => _nodes;

    public List<(long Start, long Length)> Buffers => _buffers;

    public int BodyLength => _position - _start;

    /// <summary>Collects nodes and buffers of the columns without writing anything.</summary>
    /// <returns>The most bytes that a body with them can take.</returns>
    public long Measure(ReadOnlySpan<ColumnWriter> columns)
    {
        _nodes.Clear();
        _buffers.Clear();
        _measuring = true;
        _measured = 0;
        foreach (ColumnWriter column in columns)
        {
            column.Write(this);
        }

        _measuring = false;
        return _measured;
    }

    /// <summary>Starts a body at a position of an array that is large enough for all of it.</summary>
    public void Start(byte[] target, int position)
    {
        _nodes.Clear();
        _buffers.Clear();
        _target = target;
        _start = position;
        _position = position;
        _zstd = codec == BodyCodec.Zstd ? ZstdCompressor.Rent() : null;
    }

    /// <summary>Ends the body and gives the compressor back.</summary>
    public void End()
    {
        _target = [];
        if (_zstd is { } zstd)
        {
            _zstd = null;
            ZstdCompressor.Return(zstd);
        }
    }

    public void AddNode(int length, int nulls) => _nodes.Add(new FieldNode(length, nulls));

    public void AddBuffer(ReadOnlySpan<byte> bytes)
    {
        if (_measuring)
        {
            _measured += PrefixSize + (long)bytes.Length + Alignment;
            _buffers.Add((0, 0));
            return;
        }

        int length = bytes.Length == 0 || codec == BodyCodec.None ? Copy(bytes, _position) : Compress(bytes);
        _buffers.Add((_position - _start, length));
        int padded = (length + Alignment - 1) & -Alignment;
        _target.AsSpan(_position + length, padded - length).Clear();
        _position += padded;
    }

    private int Compress(ReadOnlySpan<byte> bytes)
    {
        // One byte less than there are: what does not become shorter is stored.
        Span<byte> room = _target.AsSpan(_position + PrefixSize, bytes.Length - 1);
        int compressed = _zstd is { } zstd ? zstd.Compress(bytes, room, zstdLevel) : Lz4FrameWriter.Compress(bytes, room);
        BinaryPrimitives.WriteInt64LittleEndian(_target.AsSpan(_position), compressed == 0 ? -1 : bytes.Length);
        return PrefixSize + (compressed == 0 ? Copy(bytes, _position + PrefixSize) : compressed);
    }

    private int Copy(ReadOnlySpan<byte> bytes, int position)
    {
        bytes.CopyTo(_target.AsSpan(position));
        return bytes.Length;
    }
}
