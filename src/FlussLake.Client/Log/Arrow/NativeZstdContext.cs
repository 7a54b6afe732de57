using Microsoft.Win32.SafeHandles;

namespace FlussLake.Client.Log.Arrow;

/// <summary>A decompression context of native libzstd: about 100 KiB, for one thread at a time.</summary>
internal sealed class NativeZstdContext : SafeHandleZeroOrMinusOneIsInvalid
{
    public NativeZstdContext()
        : base(ownsHandle: true)
    {
        SetHandle(LibZstd.ZSTD_createDCtx());
        if (IsInvalid)
        {
            throw new InsufficientMemoryException("libzstd has no memory for a decompression context.");
        }
    }

    protected override bool ReleaseHandle()
    {
        LibZstd.ZSTD_freeDCtx(handle);
        return true;
    }
}
