using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Log.Rows;

/// <summary>
/// Walks the records of a batch and gives each wanted value to a sink. It trusts nothing: every length is checked against the bytes that it is taken from, so what comes of
/// a batch is at most a small multiple of its bytes.
/// </summary>
internal ref partial struct RowWalk<TSink>(LogFormat format, TSink sink)
    where TSink : struct, IRowSink
{
    private const int RecordPrefix = sizeof(int);

    private readonly TSink _sink = sink;
    private int _record = -1;

    /// <summary>Walks the records of a batch: each a length, the change type, and the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Records(ReadOnlySpan<byte> records, int count, RowFields fields, bool isAppendOnly)
    {
        while (++_record < count)
        {
            if (records.Length < RecordPrefix)
            {
                throw Damaged($"is missing: the batch counts {count}");
            }

            int length = BinaryPrimitives.ReadInt32LittleEndian(records);
            if (length < 1 || length > records.Length - RecordPrefix)
            {
                throw Damaged($"has a length of {length} bytes where {records.Length - RecordPrefix} are left");
            }

            byte change = records[RecordPrefix];
            if (!isAppendOnly && change > 4)
            {
                throw Damaged($"has the unknown change type {change}");
            }

            Row(records.Slice(RecordPrefix + 1, length - 1), fields, null);
            records = records[(RecordPrefix + length)..];
        }

        if (records.Length > 0)
        {
            throw new BatchFormatException($"{records.Length} bytes follow its {count} records");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Row(ReadOnlySpan<byte> row, RowFields fields, RowField? parent)
    {
        int start = fields.NullBits + (format == LogFormat.Indexed ? fields.Lengths : 0);
        if (row.Length < start)
        {
            throw parent is null ? Damaged("ends before its first value") : Damaged(parent, "ends before its first value");
        }

        int end = format == LogFormat.Indexed ? Indexed(row, start, fields) : Compacted(row, start, fields);
        if (fields.Walked == fields.All.Length && end != row.Length)
        {
            throw parent is null ? Damaged($"goes on for {row.Length - end} bytes behind its last value") : Damaged(parent, $"goes on for {row.Length - end} bytes behind its last value");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Compacted(ReadOnlySpan<byte> row, int start, RowFields fields)
    {
        RowBytes bytes = new(row, start);
        for (int i = 0; i < fields.Walked; i++)
        {
            RowField field = fields.All[i];
            if (IsSet(row, i))
            {
                Null(field);
                continue;
            }

            switch (field.Kind)
            {
                case RowFieldKind.Byte or RowFieldKind.Short or RowFieldKind.Float or RowFieldKind.Double:
                    Number(field, bytes.TryFixed(field.IndexedWidth, out long fixedValue), fixedValue);
                    break;
                case RowFieldKind.Int:
                    Number(field, bytes.TryVarint32(out int value), value);
                    break;
                case RowFieldKind.Long:
                    Number(field, bytes.TryVarint64(out long longValue), longValue);
                    break;
                case RowFieldKind.FineTimestamp:
                    bool isThere = bytes.TryVarint64(out long milliseconds) & bytes.TryVarint32(out int nanoseconds);
                    Timestamp(field, isThere, milliseconds, nanoseconds);
                    break;
                default:
                    bool isWhole = bytes.TryVarint32(out int length) & bytes.TryTake(length, out ReadOnlySpan<byte> taken);
                    Variable(field, isWhole, taken);
                    break;
            }
        }

        return bytes.Position;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Indexed(ReadOnlySpan<byte> row, int start, RowFields fields)
    {
        RowBytes lengths = new(row[..start], fields.NullBits);
        RowBytes bytes = new(row, start);
        for (int i = 0; i < fields.Walked; i++)
        {
            RowField field = fields.All[i];
            if (IsSet(row, i))
            {
                Null(field);
                continue;
            }

            // The lengths stand without gaps: a null has none.
            long length = field.IndexedWidth;
            bool isWhole = length >= 0 || lengths.TryFixed(sizeof(int), out length);
            isWhole &= bytes.TryTake((int)length, out ReadOnlySpan<byte> taken);
            if (field.Kind == RowFieldKind.FineTimestamp)
            {
                Timestamp(field, isWhole, isWhole ? RowBytes.Fixed(taken[..sizeof(long)]) : 0, isWhole ? (int)RowBytes.Fixed(taken[sizeof(long)..]) : 0);
            }
            else if (field.Kind == RowFieldKind.Padded)
            {
                // As Fluss's own reader has it: what a value had at its end cannot be told from the padding.
                Variable(field, isWhole, taken.TrimEnd((byte)0));
            }
            else if (field.IndexedWidth < 0)
            {
                Variable(field, isWhole, taken);
            }
            else
            {
                Number(field, isWhole, isWhole ? RowBytes.Fixed(taken) : 0);
            }
        }

        return bytes.Position;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSet(ReadOnlySpan<byte> bits, int index) => (bits[index >> 3] & (1 << (index & 7))) != 0;

    private readonly BatchFormatException Damaged(string what) => new($"its record {_record} {what}");

    private readonly BatchFormatException Damaged(RowField field, string what) => new($"in its record {_record} column {field.Path} {what}");
}
