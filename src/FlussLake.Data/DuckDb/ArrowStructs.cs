using System.Runtime.InteropServices;

namespace FlussLake.Data.DuckDb;

/// <summary>The <c>ArrowSchema</c> struct of the Arrow C data interface.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ArrowSchema
{
    public byte* Format;
    public byte* Name;
    public byte* Metadata;
    public long Flags;
    public long ChildCount;
    public ArrowSchema** Children;
    public ArrowSchema* Dictionary;
    public delegate* unmanaged[Cdecl]<ArrowSchema*, void> Release;
    public void* PrivateData;
}

/// <summary>The <c>ArrowArray</c> struct of the Arrow C data interface.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ArrowArray
{
    public long Length;
    public long NullCount;
    public long Offset;
    public long BufferCount;
    public long ChildCount;
    public void** Buffers;
    public ArrowArray** Children;
    public ArrowArray* Dictionary;
    public delegate* unmanaged[Cdecl]<ArrowArray*, void> Release;
    public void* PrivateData;
}
