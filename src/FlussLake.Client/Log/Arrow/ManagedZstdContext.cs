using Microsoft.Win32.SafeHandles;
using ZstdSharp.Unsafe;

namespace FlussLake.Client.Log.Arrow;

/// <summary>A decompression context of ZstdSharp, which keeps it in native memory as well.</summary>
internal sealed unsafe class ManagedZstdContext : SafeHandleZeroOrMinusOneIsInvalid
{
    public ManagedZstdContext()
        : base(ownsHandle: true)
    {
        SetHandle((nint)Methods.ZSTD_createDCtx());
        if (IsInvalid)
        {
            throw new InsufficientMemoryException("ZstdSharp has no memory for a decompression context.");
        }
    }

    public ZSTD_DCtx_s* Context => (ZSTD_DCtx_s*)handle;

    protected override bool ReleaseHandle()
    {
        Methods.ZSTD_freeDCtx((ZSTD_DCtx_s*)handle);
        return true;
    }
}
