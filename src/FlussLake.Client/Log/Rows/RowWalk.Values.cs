using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Log.Rows;

/// <content>What a value has to be.</content>
internal ref partial struct RowWalk<TSink>
{
    private const int NanosecondsOfMillisecond = 1_000_000;
    private const int Microseconds = 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Null(RowField field)
    {
        if (!field.Type.IsNullable)
        {
            throw Damaged(field, $"is null, and {field.Type}");
        }

        if (field.Column is { } column)
        {
            _sink.Null(column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Number(RowField field, bool isThere, long value)
    {
        if (!isThere)
        {
            throw Damaged(field, "ends inside of its value");
        }

        if (field.Column is { } column)
        {
            _sink.Number(column, value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Timestamp(RowField field, bool isThere, long milliseconds, int nanoseconds)
    {
        if (!isThere || (uint)nanoseconds >= NanosecondsOfMillisecond)
        {
            throw Damaged(field, isThere ? $"counts {nanoseconds} nanoseconds in a millisecond" : "ends inside of its value");
        }

        if (field.Column is not { } column)
        {
            return;
        }

        (long units, int rest) = field.Type.Precision <= Microseconds ? (1000L, nanoseconds / 1000) : (NanosecondsOfMillisecond, nanoseconds);
        Int128 value = ((Int128)milliseconds * units) + rest;
        if (value < long.MinValue || value > long.MaxValue)
        {
            throw new BatchFormatException(
                $"in its record {_record} column {field.Path} holds a timestamp {milliseconds} milliseconds from 1970, which a 64-bit {field.Type} does not reach",
                FlussErrorCode.UnsupportedVersion);
        }

        _sink.Number(column, (long)value);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Variable(RowField field, bool isWhole, ReadOnlySpan<byte> bytes)
    {
        if (!isWhole)
        {
            throw Damaged(field, "ends inside of its value");
        }

        if (field.Column is not { } column)
        {
            return;
        }

        switch (field.Kind)
        {
            case RowFieldKind.WideDecimal:
                WideDecimal(field, column, bytes);
                break;
            case RowFieldKind.Array:
                RowField element = field.Nested!.All[0];
                int count = ElementCount(field, element, bytes);
                _sink.List(column, count);
                Elements(element, bytes, count);
                break;
            case RowFieldKind.Map:
                Map(field, column, bytes);
                break;
            case RowFieldKind.Row:
                _sink.Struct(column);
                Row(bytes, field.Nested!, field);
                break;
            default:
                _sink.Bytes(column, bytes);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WideDecimal(RowField field, ColumnLayout column, ReadOnlySpan<byte> bytes)
    {
        const int Size = 16;
        if (bytes.Length is 0 or > Size)
        {
            throw Damaged(field, $"has a decimal of {bytes.Length} bytes");
        }

        Span<byte> whole = stackalloc byte[Size];
        whole[..(Size - bytes.Length)].Fill((byte)((sbyte)bytes[0] >> 7));
        bytes.CopyTo(whole[(Size - bytes.Length)..]);
        _sink.Decimal(column, BinaryPrimitives.ReadInt128BigEndian(whole));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Map(RowField field, ColumnLayout column, ReadOnlySpan<byte> bytes)
    {
        RowBytes parts = new(bytes, 0);
        if (!parts.TryFixed(sizeof(int), out long length) || !parts.TryTake((int)length, out ReadOnlySpan<byte> keys) || !parts.TryTake(parts.Left, out ReadOnlySpan<byte> values))
        {
            throw Damaged(field, "ends inside of its keys");
        }

        (RowField key, RowField value) = (field.Nested!.All[0], field.Nested.All[1]);
        int count = ElementCount(field, key, keys);
        int valueCount = ElementCount(field, value, values);
        if (valueCount != count)
        {
            throw Damaged(field, $"has {count} keys and {valueCount} values");
        }

        _sink.List(column, count);
        for (int i = 0; i < count; i++)
        {
            _sink.Struct(column.Children[0]);
        }

        Elements(key, keys, count);
        Elements(value, values, count);
    }
}
