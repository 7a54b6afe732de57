using System.Buffers;
using System.Buffers.Binary;
using ZstdSharp;

namespace FlussLake.Embedded.Parquet;

/// <summary>
/// The values of one leaf of a Parquet schema on their way into a file: the page that is being filled, plainly encoded, and the finished pages, compressed.
/// </summary>
internal sealed class ParquetColumn
{
    private const int PageBytesWanted = 1 << 20;
    private const int PageLevelsWanted = 1 << 20;
    private const int Plain = 0;
    private const int RunLength = 3;
    private readonly ArrayBufferWriter<byte> _values = new();
    private readonly ArrayBufferWriter<byte> _pages = new();
    private readonly Levels _definitions;
    private readonly Levels _repetitions;
    private int _bits;

    public ParquetColumn(ParquetNode node, IReadOnlyList<string> path, int maximumDefinition, int maximumRepetition)
    {
        Node = node;
        Path = path;
        MaximumDefinition = maximumDefinition;
        MaximumRepetition = maximumRepetition;
        _definitions = new Levels(maximumDefinition);
        _repetitions = new Levels(maximumRepetition);
    }

    public ParquetNode Node { get; }

    /// <summary>The names from the root to the leaf.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>The definition level of a value that is there.</summary>
    public int MaximumDefinition { get; }

    public int MaximumRepetition { get; }

    /// <summary>All values and missing values so far.</summary>
    public long ValueCount { get; private set; }

    public long NullCount { get; private set; }

    /// <summary>The smallest and the largest value of the finished pages, as files hold them; null where there is none, or the type has no such statistics here.</summary>
    public ValueRange? Range { get; private set; }

    /// <summary>The bytes of the finished pages with their headers, and what they would be without compression.</summary>
    public ReadOnlyMemory<byte> Pages => _pages.WrittenMemory;

    public long UncompressedSize { get; private set; }

    /// <summary>About the bytes that a file would have now.</summary>
    public long Size => (long)_values.WrittenCount + _definitions.Count + _repetitions.Count + _pages.WrittenCount;

    /// <summary>The bytes that are taken of the memory; a finished page leaves its room for the next one.</summary>
    public long MemorySize => (long)_values.Capacity + _definitions.Capacity + _repetitions.Capacity + _pages.Capacity;

    /// <summary>Notes that nothing is there at this place; the level says from which ancestor on.</summary>
    public void AddMissing(int repetition, int definition)
    {
        AddLevels(repetition, definition);
        NullCount++;
    }

    /// <summary>Notes a value, whose bytes are to be appended.</summary>
    public void AddPresent(int repetition) => AddLevels(repetition, MaximumDefinition);

    /// <summary>Notes values of rows that follow each other, whose bytes are to be appended.</summary>
    public void AddPresentRows(int count)
    {
        _definitions.AddRun(MaximumDefinition, count);
        _repetitions.AddRun(0, count);
    }

    /// <summary>Room for the bytes of values; <see cref="Advance"/> says how much of it was used.</summary>
    public Span<byte> Reserve(int bytes) => _values.GetSpan(bytes);

    public void Advance(int bytes) => _values.Advance(bytes);

    public void AppendInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_values.GetSpan(sizeof(int)), value);
        _values.Advance(sizeof(int));
    }

    public void AppendInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_values.GetSpan(sizeof(long)), value);
        _values.Advance(sizeof(long));
    }

    public void AppendBytes(ReadOnlySpan<byte> value)
    {
        AppendInt32(value.Length);
        _values.Write(value);
    }

    /// <summary>Booleans are packed, the first one into the lowest bit.</summary>
    public void AppendBoolean(bool value)
    {
        if ((_bits & 7) == 0)
        {
            _values.GetSpan(1)[0] = 0;
            _values.Advance(1);
        }

        if (value)
        {
            System.Runtime.InteropServices.MemoryMarshal.AsMemory(_values.WrittenMemory).Span[^1] |= (byte)(1 << (_bits & 7));
        }

        _bits++;
    }

    /// <summary>Finishes the page if it is large enough. To be called between rows: no row is cut.</summary>
    public void EndRows(Compressor compressor)
    {
        if (_values.WrittenCount >= PageBytesWanted || _definitions.Count >= PageLevelsWanted)
        {
            EndPage(compressor);
        }
    }

    /// <summary>Finishes the page that was begun, if there is one.</summary>
    public void EndPage(Compressor compressor)
    {
        int values = _definitions.Count;
        if (values == 0)
        {
            return;
        }

        Range = ValueRange.Including(Range, Node.Type!.Value, _values.WrittenSpan);

        // A page of the first version: levels and values are compressed together.
        ArrayBufferWriter<byte> page = new(_values.WrittenCount + 1024);
        _repetitions.Encode(page);
        _definitions.Encode(page);
        page.Write(_values.WrittenSpan);
        _values.ResetWrittenCount();
        _bits = 0;

        byte[] compressed = ArrayPool<byte>.Shared.Rent(Compressor.GetCompressBound(page.WrittenCount));
        try
        {
            int length = compressor.Wrap(page.WrittenSpan, compressed);
            int start = _pages.WrittenCount;
            WriteHeader(values, page.WrittenCount, length);
            UncompressedSize += _pages.WrittenCount - start + page.WrittenCount;
            _pages.Write(compressed.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(compressed);
        }

        ValueCount += values;
    }

    private void WriteHeader(int values, int uncompressed, int compressed)
    {
        ThriftWriter thrift = new(_pages);
        int outermost = thrift.BeginItem();
        thrift.Int32(1, 0);
        thrift.Int32(2, uncompressed);
        thrift.Int32(3, compressed);
        int header = thrift.BeginStruct(5);
        thrift.Int32(1, values);
        thrift.Int32(2, Plain);
        thrift.Int32(3, RunLength);
        thrift.Int32(4, RunLength);
        thrift.EndStruct(header);
        thrift.EndStruct(outermost);
    }

    private void AddLevels(int repetition, int definition)
    {
        _definitions.Add(definition);
        _repetitions.Add(repetition);
    }
}
