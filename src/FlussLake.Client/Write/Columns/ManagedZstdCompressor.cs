using Microsoft.Win32.SafeHandles;
using ZstdSharp.Unsafe;

namespace FlussLake.Client.Write.Columns;

/// <summary>ZSTD by ZstdSharp, for platforms where no native library loads.</summary>
internal sealed unsafe class ManagedZstdCompressor : ZstdCompressor
{
    private readonly Context _context = new();

    public override void Dispose() => _context.Dispose();

    protected override nuint Compress(byte* source, nuint sourceLength, byte* target, nuint targetLength, int level)
    {
        ObjectDisposedException.ThrowIf(_context.IsClosed, this);
        return Methods.ZSTD_compressCCtx((ZSTD_CCtx_s*)_context.DangerousGetHandle(), target, targetLength, source, sourceLength, level);
    }

    private sealed class Context : SafeHandleZeroOrMinusOneIsInvalid
    {
        public Context()
            : base(ownsHandle: true)
        {
            SetHandle((nint)Methods.ZSTD_createCCtx());
            if (IsInvalid)
            {
                throw new InsufficientMemoryException("ZstdSharp has no memory for a compression context.");
            }
        }

        protected override bool ReleaseHandle()
        {
            Methods.ZSTD_freeCCtx((ZSTD_CCtx_s*)handle);
            return true;
        }
    }
}
