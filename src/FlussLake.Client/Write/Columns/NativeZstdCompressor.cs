using FlussLake.Client.Log.Arrow;
using Microsoft.Win32.SafeHandles;

namespace FlussLake.Client.Write.Columns;

/// <summary>ZSTD by native libzstd.</summary>
internal sealed unsafe class NativeZstdCompressor : ZstdCompressor
{
    private readonly Context _context = new();

    public override void Dispose() => _context.Dispose();

    protected override nuint Compress(byte* source, nuint sourceLength, byte* target, nuint targetLength, int level)
    {
        ObjectDisposedException.ThrowIf(_context.IsClosed, this);
        return LibZstd.ZSTD_compressCCtx(_context.DangerousGetHandle(), target, targetLength, source, sourceLength, level);
    }

    private sealed class Context : SafeHandleZeroOrMinusOneIsInvalid
    {
        public Context()
            : base(ownsHandle: true)
        {
            SetHandle(LibZstd.ZSTD_createCCtx());
            if (IsInvalid)
            {
                throw new InsufficientMemoryException("libzstd has no memory for a compression context.");
            }
        }

        protected override bool ReleaseHandle()
        {
            LibZstd.ZSTD_freeCCtx(handle);
            return true;
        }
    }
}
