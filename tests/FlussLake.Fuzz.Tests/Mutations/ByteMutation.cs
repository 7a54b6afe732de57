using System.Buffers.Binary;

using FlussLake.Fuzz.Tests.Fuzzing;

namespace FlussLake.Fuzz.Tests.Mutations;

/// <summary>Mutations that know nothing of the format.</summary>
internal static class ByteMutation
{
    private const int LongestRange = 4096;

    public static byte[] Apply(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random)
    {
        if (input.Length == 0)
        {
            return [.. random.Pick(corpus)];
        }

        switch (random.Below(14))
        {
            case 0:
                return input[..random.Below(input.Length)];
            case 1 or 2:
                return Flip(input, random);
            case 3 or 4 or 5:
                return Number(input, random.Below(input.Length), random);
            case 6:
                return Nudge(input, random);
            case 7:
                return Varint(input, random);
            case 8:
                return Splice(input, Range(input, random), input, random.Below(input.Length));
            case 9:
                (int start, int length) = Range(input, random);
                return [.. input.AsSpan(0, start), .. input.AsSpan(start + length)];
            case 10:
                return Swap(input, random);
            case 11:
                byte[] other = random.Pick(corpus);
                return other.Length == 0 ? input : random.OneIn(2) ? Splice(other, Range(other, random), input, random.Below(input.Length)) : Cross(input, other, random);
            case 12:
                (int first, int count) = Range(input, random);
                input.AsSpan(first, count).Fill(random.OneIn(2) ? (byte)0 : (byte)0xFF);
                return input;
            default:
                input[random.Below(input.Length)] = (byte)random.Next();
                return input;
        }
    }

    /// <summary>Overwrites a number of 1, 2, 4 or 8 bytes at a position.</summary>
    public static byte[] Number(byte[] input, int position, FuzzRandom random)
    {
        int size = 1 << random.Below(4);
        Span<byte> eight = stackalloc byte[8];
        long value = HostileNumbers.Next(random, position, input.Length);
        bool isBigEndian = random.OneIn(2);
        if (isBigEndian)
        {
            BinaryPrimitives.WriteInt64BigEndian(eight, value);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(eight, value);
        }

        Span<byte> target = input.AsSpan(position);
        size = Math.Min(size, target.Length);
        (isBigEndian ? eight[(8 - size)..] : eight[..size]).CopyTo(target);
        return input;
    }

    private static byte[] Flip(byte[] input, FuzzRandom random)
    {
        for (int flips = 1 + random.Below(8); flips > 0; flips--)
        {
            input[random.Below(input.Length)] ^= (byte)(1 << random.Below(8));
        }

        return input;
    }

    private static byte[] Nudge(byte[] input, FuzzRandom random)
    {
        int position = random.Below(Math.Max(1, input.Length - 3));
        if (position + 4 <= input.Length)
        {
            Span<byte> four = input.AsSpan(position, 4);
            int by = random.Below(33) - 16;
            BinaryPrimitives.WriteInt32LittleEndian(four, unchecked(BinaryPrimitives.ReadInt32LittleEndian(four) + by));
        }

        return input;
    }

    private static byte[] Varint(byte[] input, FuzzRandom random)
    {
        int start = random.Below(input.Length);
        int end = start;
        while (end < input.Length - 1 && end - start < 9 && input[end] >= 0x80)
        {
            end++;
        }

        long value = HostileNumbers.Next(random, start, input.Length);
        return [.. input.AsSpan(0, start), .. VarintBytes.Of((ulong)(random.OneIn(2) ? value : (value << 1) ^ (value >> 63))), .. input.AsSpan(end + 1)];
    }

    private static byte[] Swap(byte[] input, FuzzRandom random)
    {
        (int start, int length) = Range(input, random);
        int target = random.Below(input.Length - length + 1);
        byte[] kept = input[start..(start + length)];
        input.AsSpan(target, length).CopyTo(input.AsSpan(start));
        kept.CopyTo(input.AsSpan(target));
        return input;
    }

    private static byte[] Splice(byte[] source, (int Start, int Length) range, byte[] target, int at) =>
        [.. target.AsSpan(0, at), .. source.AsSpan(range.Start, range.Length), .. target.AsSpan(at)];

    private static byte[] Cross(byte[] input, byte[] other, FuzzRandom random) => [.. input.AsSpan(0, random.Below(input.Length)), .. other.AsSpan(random.Below(other.Length))];

    private static (int Start, int Length) Range(byte[] input, FuzzRandom random)
    {
        int start = random.Below(input.Length);
        int longest = Math.Min(input.Length - start, random.OneIn(2) ? 16 : LongestRange);
        return (start, 1 + random.Below(longest));
    }
}
