namespace FlussLake.Client.Log.Arrow;

/// <summary>A piece of native memory, aligned to <see cref="Alignment"/>, that a <see cref="NativeSlabPool"/> lends.</summary>
internal sealed class NativeSlab
{
    /// <summary>The alignment of a slab and of every buffer inside it, in bytes: what Arrow recommends, and a cache line.</summary>
    public const int Alignment = 64;

    public NativeSlab(nint address, long size, int sizeClass)
    {
        Address = address;
        Size = size;
        SizeClass = sizeClass;
    }

    public nint Address { get; }

    public long Size { get; }

    /// <summary>The pool's own number of this size, or -1 for a size that is not kept.</summary>
    public int SizeClass { get; }

    /// <summary>The next slab of the same size while this one lies in the pool.</summary>
    public NativeSlab? Next { get; set; }
}
