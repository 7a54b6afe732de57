using System.Buffers.Binary;

using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Decompressors say by false that a frame is damaged, allocate nothing, and touch neither what lies around the frame nor around the target.</summary>
public abstract unsafe class CompressedFrameTarget : FuzzTarget, IDisposable
{
    private const int MaxContent = 1 << 20;

    private readonly GuardedMemory _source = new(2 << 20);
    private readonly GuardedMemory _target = new(MaxContent);

    protected override long MaxAllocation(int inputLength) => 4096;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _source.Dispose();
        _target.Dispose();
    }

    protected abstract bool CanHold(byte* frame, int length, long size);

    protected abstract bool TryDecompress(byte* frame, int length, byte* target, int size);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) =>
        random.OneIn(4) && input.Length > 24 ? ByteMutation.Number(input, random.Below(24), random) : ByteMutation.Apply(input, corpus, random);

    protected override bool TryDecode(byte[] input)
    {
        if (input.Length < 4)
        {
            return false;
        }

        long size = BinaryPrimitives.ReadUInt32LittleEndian(input);
        int length = input.Length - 4;
        fixed (byte* frame = _source.Place(input.AsSpan(4)))
        {
            if (!CanHold(frame, length, size) || size > MaxContent)
            {
                return false;
            }

            bool isWhole = TryDecompress(frame, length, _target.Last((int)size), (int)size);
            Assert.True(_target.IsWhole((int)size), "bytes before the target were written");
            Assert.True(_source.IsWhole(length), "bytes before the frame were written");
            return isWhole;
        }
    }
}
