using System.Collections.Concurrent;
using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Write.Columns;

/// <summary>Compresses into ZSTD frames. One instance serves one thread at a time; a few are kept for reuse, since each holds about a megabyte.</summary>
internal abstract unsafe class ZstdCompressor : IDisposable
{
    private static readonly ConcurrentBag<ZstdCompressor> s_idle = [];

    /// <summary>Creates a compressor: native libzstd where it can be loaded, or else ZstdSharp.</summary>
    public static ZstdCompressor Create() => LibZstd.IsAvailable ? new NativeZstdCompressor() : new ManagedZstdCompressor();

    public static ZstdCompressor Rent() => s_idle.TryTake(out ZstdCompressor? idle) ? idle : Create();

    public static void Return(ZstdCompressor compressor)
    {
        if (s_idle.Count < Environment.ProcessorCount)
        {
            s_idle.Add(compressor);
        }
        else
        {
            compressor.Dispose();
        }
    }

    /// <summary>Compresses into a frame.</summary>
    /// <returns>The frame's length; 0 where the target is too short for it.</returns>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> target, int level)
    {
        fixed (byte* from = source)
        fixed (byte* to = target)
        {
            // libzstd's error codes are the largest values of the type; too short a target is the one that can come.
            nuint length = target.IsEmpty ? nuint.MaxValue : Compress(from, (nuint)source.Length, to, (nuint)target.Length, level);
            return length <= (nuint)target.Length ? (int)length : 0;
        }
    }

    public abstract void Dispose();

    protected abstract nuint Compress(byte* source, nuint sourceLength, byte* target, nuint targetLength, int level);
}
