using System.Runtime.InteropServices;

namespace FlussLake.Client.Write.Columns;

/// <summary>The 32-bit offsets of values of various lengths: value i lies from offset i to offset i + 1.</summary>
internal sealed class OffsetBuffer
{
    private int[] _offsets = new int[64];

    /// <summary>Where the value of an index starts.</summary>
    public int this[int index] => _offsets[index];

    /// <summary>Tells where the value of an index ends.</summary>
    public void SetEnd(int index, int end)
    {
        if (index + 1 == _offsets.Length)
        {
            Array.Resize(ref _offsets, _offsets.Length * 2);
        }

        _offsets[index + 1] = end;
    }

    /// <summary>The bytes of the offsets of some values; none where there are no values, as Java writers do.</summary>
    public ReadOnlySpan<byte> Bytes(int length) => length == 0 ? [] : MemoryMarshal.AsBytes(_offsets.AsSpan(0, length + 1));
}
