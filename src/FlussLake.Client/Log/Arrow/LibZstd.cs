using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlussLake.Client.Log.Arrow;

/// <summary>The functions of native libzstd that are needed: <see href="https://facebook.github.io/zstd/doc/api_manual_latest.html"/>. The ZstdNet package carries the library.</summary>
internal static unsafe partial class LibZstd
{
    private const string Library = "libzstd";

    /// <summary>Whether the library can be loaded in this process.</summary>
    public static bool IsAvailable { get; } = Probe();

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint ZSTD_createDCtx();

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint ZSTD_freeDCtx(nint context);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint ZSTD_decompressDCtx(NativeZstdContext context, byte* target, nuint targetCapacity, byte* source, nuint sourceLength);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint ZSTD_findFrameCompressedSize(byte* source, nuint sourceLength);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial ulong ZSTD_getFrameContentSize(byte* source, nuint sourceLength);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint ZSTD_createCCtx();

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint ZSTD_freeCCtx(nint context);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint ZSTD_compressCCtx(nint context, byte* target, nuint targetCapacity, byte* source, nuint sourceLength, int level);

    [LibraryImport(Library), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial uint ZSTD_versionNumber();

    private static bool Probe()
    {
        try
        {
            return ZSTD_versionNumber() >= 10400;
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return false;
        }
    }
}
