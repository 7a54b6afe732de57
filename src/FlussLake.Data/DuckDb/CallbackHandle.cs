using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlussLake.Data.DuckDb;

/// <summary>Managed objects that DuckDB keeps for us as opaque pointers, with a delete callback that disposes and forgets them.</summary>
internal static unsafe class CallbackHandle
{
    private static long s_live;

    /// <summary>How many objects DuckDB holds now; tests see that it comes back to where it was.</summary>
    public static long Live => Interlocked.Read(ref s_live);

    public static delegate* unmanaged[Cdecl]<nint, void> Delete => &DeleteCallback;

    public static nint Allocate(object target)
    {
        Interlocked.Increment(ref s_live);
        return GCHandle.ToIntPtr(GCHandle.Alloc(target));
    }

    public static T Get<T>(nint handle)
        where T : class => (T)GCHandle.FromIntPtr(handle).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void DeleteCallback(nint handle)
    {
        // DuckDB may call this from any of its threads, also while it unwinds an error: nothing may leave here.
        GCHandle gcHandle = GCHandle.FromIntPtr(handle);
        try
        {
            (gcHandle.Target as IDisposable)?.Dispose();
        }
        catch (Exception)
        {
        }
        finally
        {
            gcHandle.Free();
            Interlocked.Decrement(ref s_live);
        }
    }
}
