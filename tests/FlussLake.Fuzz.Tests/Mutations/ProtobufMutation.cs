using FlussLake.Fuzz.Tests.Fuzzing;

namespace FlussLake.Fuzz.Tests.Mutations;

/// <summary>Mutations of single fields of a message at any depth; the lengths around them are written anew. Every third is one of bytes.</summary>
internal static class ProtobufMutation
{
    private const int MaxDepth = 6;

    public static byte[] Apply(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) =>
        random.OneIn(3) || !TryMutate(input, corpus, random, 0, out byte[] mutated) ? ByteMutation.Apply(input, corpus, random) : mutated;

    private static bool TryMutate(ReadOnlySpan<byte> message, IReadOnlyList<byte[]> corpus, FuzzRandom random, int depth, out byte[] mutated)
    {
        mutated = [];
        if (!TryCut(message, out List<(int Start, int Content, int End, int WireType)> fields))
        {
            return false;
        }

        (int start, int content, int end, int wireType) = random.Pick(fields);
        ReadOnlySpan<byte> tag = Tag(message[start..]);
        byte[] field;
        if (wireType == 2 && !random.OneIn(4))
        {
            ReadOnlySpan<byte> inner = message[content..end];
            byte[] changed = depth < MaxDepth && TryMutate(inner, corpus, random, depth + 1, out byte[] nested) ? nested : Change(inner.ToArray(), corpus, random);
            field = [.. tag, .. VarintBytes.Of((ulong)changed.Length), .. changed];
        }
        else
        {
            field = Field(message, start, content, end, wireType, random);
        }

        mutated = [.. message[..start], .. field, .. message[end..]];
        return true;
    }

    private static byte[] Change(byte[] content, IReadOnlyList<byte[]> corpus, FuzzRandom random) => content switch
    {
        [] => [(byte)random.Next()],
        [(byte)'{', ..] => JsonMutation.Apply(content, [content], random),
        _ => ByteMutation.Apply(content, corpus, random),
    };

    private static byte[] Field(ReadOnlySpan<byte> message, int start, int content, int end, int wireType, FuzzRandom random)
    {
        byte[] whole = message[start..end].ToArray();
        switch (random.Below(8))
        {
            case 0:
                return [];
            case 1:
                return [.. whole, .. whole];
            case 2:
                return [.. Enumerable.Repeat(whole, 1 + random.Below(300)).SelectMany(static bytes => bytes)];
            case 3:
                // Groups in groups, closed or not.
                int depth = 1 + random.Below(random.OneIn(10) ? 100_000 : 200);
                return [.. Enumerable.Repeat((byte)0x0B, depth), .. Enumerable.Repeat((byte)0x0C, random.OneIn(2) ? depth : 0)];
            case 4:
                return [.. VarintBytes.Of((ulong)((random.Below(20) << 3) | random.Below(8))), .. message[Math.Min(content, end)..end]];
            case 5:
                // A message in itself, many times.
                byte[] nested = whole;
                for (int i = 0; i < random.Below(150); i++)
                {
                    nested = [.. Tag(message[start..]), .. VarintBytes.Of((ulong)nested.Length), .. nested];
                }

                return nested;
            default:
                long value = HostileNumbers.Next(random, start, message.Length);
                return wireType == 0 ? [.. Tag(message[start..]), .. VarintBytes.Of((ulong)value)] : ByteMutation.Number(whole, random.Below(whole.Length), random);
        }
    }

    private static ReadOnlySpan<byte> Tag(ReadOnlySpan<byte> field)
    {
        int at = 0;
        VarintBytes.TryRead(field, ref at, out _);
        return field[..at];
    }

    private static bool TryCut(ReadOnlySpan<byte> message, out List<(int Start, int Content, int End, int WireType)> fields)
    {
        fields = [];
        for (int at = 0; at < message.Length;)
        {
            int start = at;
            if (!VarintBytes.TryRead(message, ref at, out ulong tag) || tag >> 3 is 0 or > 1000)
            {
                return false;
            }

            int content = at;
            int wireType = (int)(tag & 7);
            switch (wireType)
            {
                case 0 when VarintBytes.TryRead(message, ref at, out _):
                    break;
                case 2 when VarintBytes.TryRead(message, ref at, out ulong length) && length <= (ulong)(message.Length - at):
                    content = at;
                    at += (int)length;
                    break;
                default:
                    return false;
            }

            fields.Add((start, content, at, wireType));
        }

        return fields.Count > 0;
    }
}
