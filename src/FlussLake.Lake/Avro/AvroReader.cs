using System.Text;

namespace FlussLake.Lake.Avro;

/// <summary>
/// Reads values from one decompressed block. Nothing is allocated before the bytes for it were seen, and every loop is bounded by the bytes that are left.
/// </summary>
internal ref struct AvroReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);
    private readonly ReadOnlySpan<byte> _data;
    private readonly string _file;
    private int _position;

    internal AvroReader(ReadOnlySpan<byte> data, string file)
    {
        _data = data;
        _file = file;
    }

    internal readonly int Remaining => _data.Length - _position;

    internal long ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (_position >= _data.Length) throw Short();
            byte next = _data[_position++];
            if (shift == 63 && next > 1) throw Bad("a number has more than 64 bits");
            value |= (ulong)(next & 0x7F) << shift;
            if ((next & 0x80) == 0) return (long)(value >> 1) ^ -(long)(value & 1);
        }

        throw Bad("a number has more than 64 bits");
    }

    internal ReadOnlySpan<byte> ReadRaw(long length)
    {
        if (length < 0 || length > Remaining) throw Bad($"a value claims {length} bytes where {Remaining} are left");
        ReadOnlySpan<byte> bytes = _data.Slice(_position, (int)length);
        _position += (int)length;
        return bytes;
    }

    /// <summary>Follows a union to the branch that the value has.</summary>
    internal AvroSchema Resolve(AvroSchema schema)
    {
        if (schema.Type != AvroType.Union) return schema;
        long branch = ReadVarint();
        if ((ulong)branch >= (ulong)schema.Branches.Length) throw Bad($"a union has no branch {branch}");
        return schema.Branches[branch];
    }

    internal long? ReadLong(AvroField field)
    {
        AvroSchema schema = Resolve(field.Schema);
        return schema.Type switch
        {
            AvroType.Null => null,
            AvroType.Int or AvroType.Long => ReadVarint(),
            _ => throw Type(field, schema),
        };
    }

    internal int? ReadInt(AvroField field)
    {
        if (ReadLong(field) is not { } value) return null;
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Bad($"the field '{field.Name}' has the value {value}, beyond 32 bits");
    }

    internal string? ReadString(AvroField field)
    {
        AvroSchema schema = Resolve(field.Schema);
        return schema.Type == AvroType.Null ? null : Text(field, schema);
    }

    internal bool TryReadBytes(AvroField field, out ReadOnlySpan<byte> bytes)
    {
        AvroSchema schema = Resolve(field.Schema);
        bytes = default;
        if (schema.Type == AvroType.Null) return false;
        if (schema.Type != AvroType.Bytes) throw Type(field, schema);
        bytes = ReadRaw(ReadVarint());
        return true;
    }

    /// <summary>Begins an array; null where the value is null. Then <see cref="NextBlock"/> until it gives 0.</summary>
    internal AvroSchema? BeginArray(AvroField field)
    {
        AvroSchema schema = Resolve(field.Schema);
        if (schema.Type == AvroType.Null) return null;
        if (schema.Type != AvroType.Array) throw Type(field, schema);
        return schema.Items;
    }

    /// <summary>The number of items in the next part of an array or map; 0 at its end.</summary>
    internal long NextBlock(long minimumItemSize)
    {
        long count = ReadVarint();
        if (count < 0)
        {
            // A negative count is followed by the part's size in bytes.
            count = unchecked(-count);
            long size = ReadVarint();
            if (size < 0 || size > Remaining) throw Bad("a part of a list is longer than its block");
        }

        if (count < 0 || count > Remaining / Math.Max(1, minimumItemSize)) throw Bad($"a list claims {count} items where {Remaining} bytes are left");
        return count;
    }

    internal string[]? ReadStrings(AvroField field)
    {
        if (BeginArray(field) is not { } items) return null;
        List<string>? texts = null;
        for (long count = NextBlock(items.MinimumSize); count > 0; count = NextBlock(items.MinimumSize))
        {
            for (; count > 0; count--)
            {
                AvroSchema item = Resolve(items);
                if (item.Type != AvroType.Null) (texts ??= []).Add(Text(field, item));
            }
        }

        return texts is null ? [] : [.. texts];
    }

    internal void Skip(AvroSchema schema)
    {
        schema = Resolve(schema);
        switch (schema.Type)
        {
            case AvroType.Null:
                break;
            case AvroType.Boolean:
                ReadRaw(1);
                break;
            case AvroType.Int or AvroType.Long or AvroType.Enum:
                ReadVarint();
                break;
            case AvroType.Float:
                ReadRaw(4);
                break;
            case AvroType.Double:
                ReadRaw(8);
                break;
            case AvroType.Bytes or AvroType.String:
                ReadRaw(ReadVarint());
                break;
            case AvroType.Fixed:
                ReadRaw(schema.FixedSize);
                break;
            case AvroType.Record:
                foreach (AvroField field in schema.Fields) Skip(field.Schema);
                break;
            default:
                SkipItems(schema);
                break;
        }
    }

    internal readonly LakeException Bad(string detail) => LakeErrors.Damaged(_file, detail);

    private void SkipItems(AvroSchema schema)
    {
        bool isMap = schema.Type == AvroType.Map;
        long minimum = schema.Items!.MinimumSize + (isMap ? 1 : 0);
        for (long count = NextBlock(minimum); count > 0; count = NextBlock(minimum))
        {
            for (; count > 0; count--)
            {
                if (isMap) ReadRaw(ReadVarint());
                Skip(schema.Items);
            }
        }
    }

    private string Text(AvroField field, AvroSchema schema)
    {
        if (schema.Type != AvroType.String) throw Type(field, schema);
        ReadOnlySpan<byte> bytes = ReadRaw(ReadVarint());
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw LakeErrors.Damaged(_file, $"the field '{field.Name}' is not UTF-8", e);
        }
    }

    private readonly LakeException Type(AvroField field, AvroSchema schema) => Bad($"the field '{field.Name}' has the unexpected type {schema.Type}");

    private readonly LakeException Short() => Bad("it ends in the middle of a value");
}
