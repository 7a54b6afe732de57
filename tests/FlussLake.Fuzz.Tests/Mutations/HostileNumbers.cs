using FlussLake.Fuzz.Tests.Fuzzing;

namespace FlussLake.Fuzz.Tests.Mutations;

/// <summary>Values that lengths, counts and offsets are most likely mishandled at.</summary>
internal static class HostileNumbers
{
    private static readonly long[] s_edges =
    [
        0, 1, -1, 2, -2, 3, 4, 7, 8, 16, 63, 64, 65, 127, 128, 255, 256, sbyte.MinValue, short.MaxValue, short.MinValue, ushort.MaxValue, 65536,
        int.MaxValue, int.MinValue, int.MaxValue - 1L, int.MaxValue - 11L, int.MaxValue - 12L, uint.MaxValue, 1L << 31, 1L << 32, (1L << 32) + 1, 1L << 30, 1L << 24, 1L << 20,
        long.MaxValue, long.MinValue, long.MaxValue - 1, long.MinValue + 1, long.MaxValue - int.MaxValue, 1L << 62, 1L << 53,
    ];

    public static long Next(FuzzRandom random, int position, int length) => random.Below(8) switch
    {
        0 => length + random.Below(5) - 2,
        1 => length - position + random.Below(9) - 4,
        2 => -position + random.Below(9) - 4,
        3 => random.Below(length + 1),
        4 => (long)random.Next() >> random.Below(64),
        _ => random.Pick<long>(s_edges),
    };
}
