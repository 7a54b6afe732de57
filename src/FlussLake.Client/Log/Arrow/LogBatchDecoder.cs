using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Log.Arrow;

/// <summary>
/// Decodes log batches into native columns. Of an ARROW batch it walks the record batch's metadata, works out what the wanted buffers need, takes one slab for all of them, and
/// decompresses or copies each into its place; batches of rows go to the <see cref="RowBatchDecoder"/>. The batch's bytes are not needed afterwards. One instance belongs to one thread at a time.
/// </summary>
internal sealed unsafe class LogBatchDecoder : IDisposable
{
    /// <summary>Bytes behind every buffer, and before the first one, that may be read.</summary>
    private const int Padding = NativeSlab.Alignment;

    private readonly NativeSlabPool _pool;
    private readonly Func<ZstdFrame> _createZstd;
    private readonly long _maxBytes;
    private ZstdFrame? _zstd;
    private RowBatchDecoder? _rows;
    private BufferPlan[] _plan = new BufferPlan[32];
    private int _planned;
    private long _slabBytes;

    /// <summary>Creates a decoder.</summary>
    /// <param name="pool">Where memory comes from; null for the pool of the process.</param>
    /// <param name="createZstd">Makes the ZSTD decompressor at first need; null for the best one that is there.</param>
    /// <param name="maxBytes">What one decoded batch may take at most, in bytes.</param>
    public LogBatchDecoder(NativeSlabPool? pool = null, Func<ZstdFrame>? createZstd = null, long maxBytes = 1L << 30)
    {
        _pool = pool ?? NativeSlabPool.Shared;
        _createZstd = createZstd ?? ZstdFrame.Create;
        _maxBytes = Math.Min(maxBytes, 1L << 30);
    }

    /// <summary>The change types of a batch's records, one byte each; empty for an append-only batch, which stores none.</summary>
    /// <param name="batch">The bytes of the batch.</param>
    /// <param name="header">The batch's header.</param>
    /// <returns>A part of <paramref name="batch"/>.</returns>
    /// <exception cref="FlussException">The batch ends before them, or one of them is not known.</exception>
    public static ReadOnlySpan<byte> ChangeTypes(ReadOnlySpan<byte> batch, in LogBatchHeader header)
    {
        if (header.IsAppendOnly || header.RecordCount == 0)
        {
            return [];
        }

        ReadOnlySpan<byte> records = batch[header.RecordsStart..header.SizeInBytes];
        if (header.RecordCount > records.Length)
        {
            throw new FlussException($"Corrupt log batch at offset {header.BaseOffset}: it ends before its {header.RecordCount} change types.", FlussErrorCode.CorruptRecord);
        }

        ReadOnlySpan<byte> types = records[..header.RecordCount];
        int unknown = types.IndexOfAnyExceptInRange((byte)0, (byte)4);
        return unknown >= 0
            ? throw new FlussException($"Corrupt log batch at offset {header.BaseOffset}: record {unknown} has the unknown change type {types[unknown]}.", FlussErrorCode.CorruptRecord)
            : types;
    }

    /// <summary>Decodes the wanted columns of a batch.</summary>
    /// <param name="batch">The bytes of the batch; not needed after the call.</param>
    /// <param name="header">The batch's header.</param>
    /// <param name="layout">The layout of the batch's schema version or projection.</param>
    /// <returns>The columns; the caller releases them.</returns>
    /// <exception cref="FlussException">
    /// <see cref="FlussErrorCode.CorruptRecord"/>: the batch is damaged, or is not of that layout. <see cref="FlussErrorCode.UnsupportedVersion"/>: its compression or its
    /// Arrow version is not known. <see cref="FlussErrorCode.RecordTooLarge"/>: decoded, it would take more memory than one batch may.
    /// </exception>
    public DecodedLogBatch Decode(ReadOnlySpan<byte> batch, in LogBatchHeader header, BatchLayout layout)
    {
        try
        {
            if (header.RecordCount == 0)
            {
                return new DecodedLogBatch(0, Empty(layout.Wanted), null, _pool);
            }

            return layout.Format == LogFormat.Arrow
                ? DecodeRecords(batch, header, layout)
                : (_rows ??= new RowBatchDecoder(_pool, _maxBytes)).Decode(batch[header.RecordsStart..header.SizeInBytes], header, layout);
        }
        catch (BatchFormatException failure)
        {
            throw new FlussException($"Cannot decode the log batch at offset {header.BaseOffset} of table {layout.Table}: {failure.Message}.", failure.Code);
        }
    }

    public void Dispose() => _zstd?.Dispose();

    private DecodedLogBatch DecodeRecords(ReadOnlySpan<byte> batch, in LogBatchHeader header, BatchLayout layout)
    {
        ReadOnlySpan<byte> records = batch[header.RecordsStart..header.SizeInBytes];
        int changeTypes = header.IsAppendOnly ? 0 : header.RecordCount;
        RecordBatchMessage message = RecordBatchMessage.Parse(changeTypes > records.Length ? [] : records[changeTypes..]);
        if (message.RowCount != header.RecordCount)
        {
            throw new BatchFormatException($"its header counts {header.RecordCount} records and its Arrow metadata {message.RowCount}");
        }

        if (message.NodeCount != layout.NodeCount || message.BufferCount != layout.BufferCount)
        {
            throw new BatchFormatException(
                $"it has {message.NodeCount} Arrow nodes and {message.BufferCount} buffers where its columns need {layout.NodeCount} and {layout.BufferCount}");
        }

        fixed (byte* body = message.Body)
        {
            _planned = 0;
            _slabBytes = Padding;
            foreach (ColumnLayout column in layout.Wanted)
            {
                Plan(message, body, column, header.RecordCount);
            }

            if (layout.Wanted.Length == 0)
            {
                return new DecodedLogBatch(header.RecordCount, [], null, _pool);
            }

            NativeSlab slab = _pool.Rent(_slabBytes);
            try
            {
                Fill((byte*)slab.Address, body, message.Codec);
                int next = 0;
                return new DecodedLogBatch(header.RecordCount, Build(message, layout.Wanted, slab.Address, ref next), slab, _pool);
            }
            catch
            {
                _pool.Return(slab);
                throw;
            }
        }
    }

    /// <summary>Plans the buffers of a column and of what is nested in it, in the order in which <see cref="Build(in RecordBatchMessage, ColumnLayout, nint, ref int)"/> takes them.</summary>
    /// <param name="message">The batch.</param>
    /// <param name="body">The batch's body.</param>
    /// <param name="column">The column.</param>
    /// <param name="length">The number of slots that it must have; -1 for the child of a list, whose offsets are compared with it later.</param>
    private void Plan(in RecordBatchMessage message, byte* body, ColumnLayout column, long length)
    {
        FieldNode node = message.Node(column.Node);
        if (length >= 0 ? node.Length != length : node.Length is < 0 or > int.MaxValue)
        {
            throw new BatchFormatException($"column {column.Path} has {node.Length} slots{(length >= 0 ? $" instead of {length}" : "")}");
        }

        if (node.NullCount < 0 || node.NullCount > node.Length)
        {
            throw new BatchFormatException($"column {column.Path} counts {node.NullCount} nulls in {node.Length} slots");
        }

        if (node.NullCount > 0)
        {
            PlanFixed(message, body, column, 0, (node.Length + 7) / 8);
        }

        switch (column.Shape)
        {
            case ColumnShape.Bits:
                PlanFixed(message, body, column, 1, (node.Length + 7) / 8);
                break;
            case ColumnShape.FixedWidth:
                PlanFixed(message, body, column, 1, node.Length * column.Width);
                break;
            case ColumnShape.VariableWidth:
                PlanOffsets(message, body, column, node.Length);
                PlanBytes(message, body, column, 2);
                break;
            case ColumnShape.List:
                PlanOffsets(message, body, column, node.Length);
                Plan(message, body, column.Children[0], -1);
                if (column.Type.Kind == FlussTypeKind.Map)
                {
                    RefuseNullKeys(message, column.Children[0]);
                }

                break;
            default:
                foreach (ColumnLayout child in column.Children)
                {
                    Plan(message, body, child, node.Length);
                }

                break;
        }
    }

    private static void RefuseNullKeys(in RecordBatchMessage message, ColumnLayout entries)
    {
        ColumnLayout key = entries.Children[0];
        if (message.Node(entries.Node).NullCount != 0 || message.Node(key.Node).NullCount != 0)
        {
            throw new BatchFormatException($"column {key.Path} holds nulls, which no map key may be");
        }
    }

    private void PlanFixed(in RecordBatchMessage message, byte* body, ColumnLayout column, int buffer, long needed)
    {
        BufferPlan plan = Locate(message, body, column, buffer);
        // Some writers pad what they compress; more than that is no buffer of this column.
        if (plan.Size < needed || (plan.IsCompressed && plan.Size > ((needed + Padding - 1) & -Padding) + Padding))
        {
            throw new BatchFormatException($"buffer {buffer} of column {column.Path} holds {plan.Size} bytes where {needed} are needed");
        }

        Add(column, plan.IsCompressed ? plan : plan with { Size = (int)needed });
    }

    private void PlanOffsets(in RecordBatchMessage message, byte* body, ColumnLayout column, long slots)
    {
        if (slots == 0)
        {
            // Arrow lets a column without slots leave out its one offset, which is always 0. Fill knows this plan by its missing source.
            Add(column, new BufferPlan(-1, 0, false, sizeof(int), 0));
            return;
        }

        PlanFixed(message, body, column, 1, (slots + 1) * sizeof(int));
    }

    private void PlanBytes(in RecordBatchMessage message, byte* body, ColumnLayout column, int buffer) => Add(column, Locate(message, body, column, buffer));

    /// <summary>Finds a buffer and its decompressed size, which is checked against what the compressed bytes can hold before memory is set aside for it.</summary>
    private BufferPlan Locate(in RecordBatchMessage message, byte* body, ColumnLayout column, int buffer)
    {
        (int start, int length) = message.Buffer(column.Buffer + buffer);
        if (length == 0 || message.Codec == BodyCodec.None)
        {
            return new BufferPlan(start, length, false, length, 0);
        }

        if (length < sizeof(long))
        {
            throw new BatchFormatException($"buffer {buffer} of column {column.Path} ends inside of its length");
        }

        long size = BinaryPrimitives.ReadInt64LittleEndian(message.Body[start..]);
        start += sizeof(long);
        length -= sizeof(long);
        switch (size)
        {
            case -1:
                return new BufferPlan(start, length, false, length, 0);
            case 0:
                return new BufferPlan(start, 0, false, 0, 0);
            case < 0:
                throw new BatchFormatException($"buffer {buffer} of column {column.Path} has a length of {size} bytes");
        }

        if (size > _maxBytes)
        {
            throw TooLarge(column, _maxBytes);
        }

        bool possible = message.Codec == BodyCodec.Zstd ? Zstd.CanHold(body + start, length, size) : Lz4Frame.CanHold(message.Body.Slice(start, length), size);
        return possible
            ? new BufferPlan(start, length, true, (int)size, 0)
            : throw new BatchFormatException($"buffer {buffer} of column {column.Path} cannot hold {size} bytes in {length} compressed ones");
    }

    private void Add(ColumnLayout column, BufferPlan plan)
    {
        if (_planned == _plan.Length)
        {
            Array.Resize(ref _plan, _plan.Length * 2);
        }

        _plan[_planned++] = plan with { Target = _slabBytes };
        _slabBytes += ((plan.Size + (long)NativeSlab.Alignment - 1) & -NativeSlab.Alignment) + Padding;
        if (_slabBytes > _maxBytes)
        {
            throw TooLarge(column, _maxBytes);
        }
    }

    /// <summary>Says that a batch would take more memory than it may.</summary>
    internal static BatchFormatException TooLarge(ColumnLayout column, long maxBytes)
        => new($"with column {column.Path} it would take more than the {maxBytes} bytes that one decoded batch may take", FlussErrorCode.RecordTooLarge);

    private ZstdFrame Zstd => _zstd ??= _createZstd();

    private void Fill(byte* slab, byte* body, BodyCodec codec)
    {
        foreach (BufferPlan plan in _plan.AsSpan(0, _planned))
        {
            byte* target = slab + plan.Target;
            if (plan.Source < 0)
            {
                NativeMemory.Clear(target, (nuint)plan.Size);
            }
            else if (!plan.IsCompressed)
            {
                NativeMemory.Copy(body + plan.Source, target, (nuint)plan.Size);
            }
            else if (codec == BodyCodec.Zstd
                ? !Zstd.TryDecompress(body + plan.Source, plan.SourceLength, target, plan.Size)
                : !Lz4Frame.TryDecompress(new ReadOnlySpan<byte>(body + plan.Source, plan.SourceLength), target, plan.Size))
            {
                throw new BatchFormatException($"the {codec} frame at byte {plan.Source} of its body is damaged");
            }
        }
    }

    private DecodedColumn[] Build(in RecordBatchMessage message, ColumnLayout[] columns, nint slab, ref int next)
    {
        DecodedColumn[] built = columns.Length == 0 ? [] : new DecodedColumn[columns.Length];
        for (int i = 0; i < built.Length; i++)
        {
            built[i] = Build(message, columns[i], slab, ref next);
        }

        return built;
    }

    private DecodedColumn Build(in RecordBatchMessage message, ColumnLayout column, nint slab, ref int next)
    {
        FieldNode node = message.Node(column.Node);
        nint validity = node.NullCount > 0 ? slab + (nint)_plan[next++].Target : 0;
        if (validity != 0 && ColumnChecks.CountNulls((byte*)validity, node.Length) != node.NullCount)
        {
            throw new BatchFormatException($"column {column.Path} counts {node.NullCount} nulls, and its validity bits do not");
        }

        nint offsets = column.Shape is ColumnShape.VariableWidth or ColumnShape.List ? slab + (nint)_plan[next++].Target : 0;
        long dataLength = 0;
        nint data = 0;
        if (column.Shape is ColumnShape.Bits or ColumnShape.FixedWidth or ColumnShape.VariableWidth)
        {
            dataLength = _plan[next].Size;
            data = slab + (nint)_plan[next++].Target;
        }

        DecodedColumn[] children = Build(message, column.Children, slab, ref next);
        long limit = column.Shape == ColumnShape.List ? children[0].Length : dataLength;
        if (offsets != 0 && !ColumnChecks.OffsetsAreValid((int*)offsets, node.Length, limit))
        {
            throw new BatchFormatException($"the offsets of column {column.Path} fall, or leave the {limit} bytes or elements that there are");
        }

        CheckValues(column.Type, node.Length, (byte*)validity, (int*)offsets, (byte*)data, column);
        return new DecodedColumn { Type = column.Type, Length = node.Length, NullCount = node.NullCount, Validity = validity, Offsets = offsets, Data = data, Children = children };
    }

    /// <summary>Refuses values that the column's type does not allow.</summary>
    internal static void CheckValues(FlussType type, long length, byte* validity, int* offsets, byte* data, ColumnLayout column)
    {
        bool valid = type.Kind switch
        {
            FlussTypeKind.Char or FlussTypeKind.String => ColumnChecks.TextIsValid(offsets, length, data),
            FlussTypeKind.Decimal => ColumnChecks.DecimalsAreValid((Int128*)data, length, type.Precision, validity),
            FlussTypeKind.Time => type.Precision switch
            {
                0 => ColumnChecks.TimesAreValid((uint*)data, length, 86_400U, validity),
                <= 3 => ColumnChecks.TimesAreValid((uint*)data, length, 86_400_000U, validity),
                <= 6 => ColumnChecks.TimesAreValid((ulong*)data, length, 86_400_000_000UL, validity),
                _ => ColumnChecks.TimesAreValid((ulong*)data, length, 86_400_000_000_000UL, validity),
            },
            _ => true,
        };
        if (!valid)
        {
            throw new BatchFormatException($"column {column.Path} holds a value that {type} does not allow");
        }
    }

    private static DecodedColumn[] Empty(ColumnLayout[] columns)
    {
        DecodedColumn[] empty = columns.Length == 0 ? [] : new DecodedColumn[columns.Length];
        for (int i = 0; i < empty.Length; i++)
        {
            empty[i] = new DecodedColumn { Type = columns[i].Type, Length = 0, NullCount = 0, Children = Empty(columns[i].Children) };
        }

        return empty;
    }
}
