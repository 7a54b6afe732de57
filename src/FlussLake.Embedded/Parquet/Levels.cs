using System.Buffers;
using System.Numerics;

namespace FlussLake.Embedded.Parquet;

/// <summary>
/// The repetition or definition levels of one page. Files hold them in Parquet's hybrid of runs and packed bits:
/// <see href="https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE"/>.
/// </summary>
internal sealed class Levels(int maximum)
{
    private const int ShortestRun = 8;
    private readonly ArrayBufferWriter<byte> _levels = new();
    private readonly int _width = 32 - BitOperations.LeadingZeroCount((uint)maximum);

    public int Count => _levels.WrittenCount;

    /// <summary>The bytes that are kept for them, whether in use or not.</summary>
    public int Capacity => _levels.Capacity;

    public void Add(int level)
    {
        _levels.GetSpan(1)[0] = (byte)level;
        _levels.Advance(1);
    }

    public void AddRun(int level, int count)
    {
        _levels.GetSpan(count)[..count].Fill((byte)level);
        _levels.Advance(count);
    }

    /// <summary>Writes the levels behind their length, and forgets them. Where only level 0 is possible, files hold nothing.</summary>
    public void Encode(ArrayBufferWriter<byte> target)
    {
        if (maximum > 0)
        {
            int start = target.WrittenCount;
            target.GetSpan(sizeof(int));
            target.Advance(sizeof(int));
            EncodeRuns(_levels.WrittenSpan, target);
            PageBytes.Overwrite(target, start, target.WrittenCount - start - sizeof(int));
        }

        _levels.ResetWrittenCount();
    }

    private void EncodeRuns(ReadOnlySpan<byte> levels, ArrayBufferWriter<byte> target)
    {
        while (!levels.IsEmpty)
        {
            int run = Run(levels, levels.Length);
            if (run >= ShortestRun || run == levels.Length)
            {
                Varint((uint)run << 1, target);
                target.Write([levels[0]]);
                levels = levels[run..];
                continue;
            }

            // Packed values come in groups of eight; only the last one may be padded, as the page's header says how many values there are.
            int packed = 0;
            do
            {
                packed += 8;
            }
            while (packed < levels.Length && Run(levels[packed..], ShortestRun) < ShortestRun);
            Pack(levels[..Math.Min(packed, levels.Length)], packed / 8, target);
            levels = levels[Math.Min(packed, levels.Length)..];
        }
    }

    private void Pack(ReadOnlySpan<byte> levels, int groups, ArrayBufferWriter<byte> target)
    {
        Varint((uint)groups << 1 | 1, target);
        Span<byte> bytes = target.GetSpan(groups * _width)[..(groups * _width)];
        bytes.Clear();
        int bit = 0;
        foreach (byte level in levels)
        {
            for (int i = 0; i < _width; i++, bit++)
            {
                bytes[bit >> 3] |= (byte)((level >> i & 1) << (bit & 7));
            }
        }

        target.Advance(bytes.Length);
    }

    private static int Run(ReadOnlySpan<byte> levels, int limit)
    {
        int other = levels[..Math.Min(limit, levels.Length)].IndexOfAnyExcept(levels[0]);
        return other < 0 ? Math.Min(limit, levels.Length) : other;
    }

    private static void Varint(uint value, ArrayBufferWriter<byte> target)
    {
        for (; value >= 0x80; value >>= 7)
        {
            target.Write([(byte)(value | 0x80)]);
        }

        target.Write([(byte)value]);
    }
}
