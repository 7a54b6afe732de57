using System.Buffers.Binary;

using FlussLake.Embedded.Rpc;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>The bytes that a client sends to the embedded server. The first byte of an input says in how large pieces they arrive.</summary>
public sealed class RequestFramesTarget : FuzzTarget
{
    protected override IReadOnlyList<byte[]> Corpus { get; } = [[255, .. Requests.All.Take(6).SelectMany(Framed)], [1, .. Requests.All.TakeLast(3).SelectMany(Framed)]];

    // The first MiB is taken before its bytes are there.
    protected override long MaxAllocation(int inputLength) => (2 << 20) + (8L * inputLength);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random)
    {
        byte[] mutated = ByteMutation.Apply(input, corpus, random);
        if (mutated.Length > 5 && random.OneIn(2))
        {
            BinaryPrimitives.WriteInt32BigEndian(mutated.AsSpan(1), mutated.Length - 5);
        }

        return mutated;
    }

    protected override bool TryDecode(byte[] input)
    {
        int at = Math.Min(1, input.Length);
        int piece = input.Length > 0 ? 1 + (input[0] * 16) : 1;
        RequestReader reader = new(target =>
        {
            int count = Math.Min(Math.Min(target.Length, piece), input.Length - at);
            input.AsSpan(at, count).CopyTo(target);
            at += count;
            return count;
        });
        try
        {
            while (reader.Read() is { } frame)
            {
                Assert.True(frame.Length >= 8);
            }

            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static byte[] Framed(byte[] request)
    {
        byte[] frame = [0, 0, 0, 0, .. request];
        BinaryPrimitives.WriteInt32BigEndian(frame, request.Length);
        return frame;
    }
}
