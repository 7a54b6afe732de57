namespace FlussLake.Client.Protocol;

/// <summary>Walks the fields of a protobuf message over a span, without copies. Every method is false where the bytes are no message; positions never leave the span.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    // Deeper groups than this are no message that any server sends.
    private const int MaxGroupDepth = 32;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The position of the next byte.</summary>
    public int Position { get; private set; }

    public readonly bool AtEnd => Position >= _bytes.Length;

    public bool TryReadTag(out int field, out int wireType)
    {
        field = 0;
        wireType = 0;
        if (!TryReadVarint(out ulong tag) || tag > uint.MaxValue || tag >> 3 == 0)
        {
            return false;
        }

        field = (int)(tag >> 3);
        wireType = (int)(tag & 7);
        return true;
    }

    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (Position >= _bytes.Length)
            {
                return false;
            }

            byte part = _bytes[Position++];
            value |= shift < 64 ? (ulong)(part & 0x7F) << shift : 0;
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads the length of a length-delimited field and steps over its content, which is <c>[start, start + length)</c> of the span.</summary>
    public bool TryReadContent(out int start, out int length)
    {
        start = 0;
        length = 0;
        if (!TryReadVarint(out ulong size) || size > (ulong)(_bytes.Length - Position))
        {
            return false;
        }

        start = Position;
        length = (int)size;
        Position += length;
        return true;
    }

    public bool TrySkip(int field, int wireType) => TrySkip(field, wireType, 0);

    private bool TrySkip(int field, int wireType, int depth)
    {
        switch (wireType)
        {
            case 0:
                return TryReadVarint(out _);
            case 1:
                return TryAdvance(8);
            case 2:
                return TryReadContent(out _, out _);
            case 3:
                while (depth < MaxGroupDepth && TryReadTag(out int inner, out int innerType))
                {
                    if (innerType == 4)
                    {
                        return inner == field;
                    }

                    if (!TrySkip(inner, innerType, depth + 1))
                    {
                        return false;
                    }
                }

                return false;
            case 5:
                return TryAdvance(4);
            default:
                return false;
        }
    }

    private bool TryAdvance(int count)
    {
        if (count > _bytes.Length - Position)
        {
            return false;
        }

        Position += count;
        return true;
    }
}
