namespace FlussLake.Fuzz.Tests.Fuzzing;

/// <summary>Numbers that follow from a seed alone, on every machine and runtime (SplitMix64), so that an input can be made again.</summary>
public sealed class FuzzRandom
{
    private ulong _state;

    public FuzzRandom(ulong seed) => _state = seed;

    /// <summary>The numbers of one input.</summary>
    public static FuzzRandom Of(ulong seed, long index) => new(new FuzzRandom(seed).Next() ^ ((ulong)index * 0x9E3779B97F4A7C15));

    public ulong Next()
    {
        ulong mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 to below <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)(Next() % (uint)Math.Max(1, limit));

    public bool OneIn(int times) => Below(times) == 0;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    public T Pick<T>(ReadOnlySpan<T> items) => items[Below(items.Length)];
}
