using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Fuzzing;

/// <summary>Makes the inputs of one decoder by their index: first every corpus entry whole and cut at every byte, then mutations without end.</summary>
public sealed class InputSource
{
    // What mutations may grow an input to.
    private const int MaxLength = 1 << 20;

    private readonly IReadOnlyList<byte[]> _corpus;
    private readonly Func<byte[], int, byte[]> _cut;
    private readonly Mutation _mutation;
    private readonly ulong _seed;

    public InputSource(IReadOnlyList<byte[]> corpus, Func<byte[], int, byte[]> cut, Mutation mutation, ulong seed)
    {
        _corpus = corpus;
        _cut = cut;
        _mutation = mutation;
        _seed = seed;
        Cuts = corpus.Sum(static entry => entry.Length + 1L);
    }

    /// <summary>The number of inputs that are corpus entries, cut or whole.</summary>
    public long Cuts { get; }

    public byte[] Make(long index)
    {
        if (index < Cuts)
        {
            return Cut(index);
        }

        FuzzRandom random = FuzzRandom.Of(_seed, index);
        byte[] input = [.. random.Pick(_corpus)];
        int rounds = 1 + random.Below(2) + (random.OneIn(4) ? random.Below(6) : 0);
        for (int i = 0; i < rounds && input.Length <= MaxLength; i++)
        {
            input = _mutation(input, _corpus, random);
        }

        return input;
    }

    private byte[] Cut(long index)
    {
        foreach (byte[] entry in _corpus)
        {
            if (index <= entry.Length)
            {
                return _cut(entry, (int)index);
            }

            index -= entry.Length + 1;
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }
}
