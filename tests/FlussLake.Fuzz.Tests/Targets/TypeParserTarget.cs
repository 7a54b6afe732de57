using System.Text;

using FlussLake.Client.Metadata;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>The text form of types. What is read is written and read again.</summary>
public sealed class TypeParserTarget : FuzzTarget
{
    protected override IReadOnlyList<byte[]> Corpus { get; } = Answers.TypeTexts();

    protected override long MaxAllocation(int inputLength) => (64 << 10) + (200L * inputLength);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random)
    {
        if (!random.OneIn(3))
        {
            return base.Mutate(input, corpus, random);
        }

        int depth = random.OneIn(100) ? 100_000 : random.Below(40);
        return Encoding.UTF8.GetBytes($"{string.Concat(Enumerable.Repeat(random.OneIn(2) ? "ARRAY<" : "ROW<a ", depth))}{Encoding.UTF8.GetString(input)}{new string('>', depth)}");
    }

    protected override bool TryDecode(byte[] input)
    {
        FlussType type;
        try
        {
            type = TypeParser.Parse(Encoding.UTF8.GetString(input));
        }
        catch (FormatException)
        {
            return false;
        }

        string text = type.ToString();
        Assert.Equal(text, TypeParser.Parse(text).ToString());
        return true;
    }
}
