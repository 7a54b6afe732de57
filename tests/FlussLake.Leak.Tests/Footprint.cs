using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using FlussLake.Client.Buffers;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Arrow;
using FlussLake.Data.DuckDb;
using FlussLake.Data.UnionRead;

namespace FlussLake.Leak.Tests;

/// <summary>What the process holds at a moment: memory in bytes, the rest counted.</summary>
internal sealed partial record Footprint
{
    public required int Threads { get; init; }

    /// <summary>File descriptors; handles where there are none.</summary>
    public required int Files { get; init; }

    /// <summary>File descriptors that are sockets; 0 where they cannot be told apart.</summary>
    public required int Sockets { get; init; }

    /// <summary>What DuckDB holds of ours, open scans and plans, and buffers that are lent: together, since all of it must come back.</summary>
    public required long Lent { get; init; }

    public required long DuckDb { get; init; }

    public required long Heap { get; init; }

    public required long Resident { get; init; }

    /// <summary>Looks at the process after everything was given back that nobody uses.</summary>
    public static Footprint Now(DbConnection connection)
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        TrimNativeHeap();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT sum(memory_usage_bytes + temporary_storage_bytes)::BIGINT FROM duckdb_memory()";
        long duckDb = (long)command.ExecuteScalar()!;
        using Process process = Process.GetCurrentProcess();
        GCMemoryInfo heap = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        string[] files = OperatingSystem.IsLinux() ? [.. Directory.GetFiles("/proc/self/fd").Select(Target)] : [];
        return new Footprint
        {
            Threads = process.Threads.Count,
            Files = OperatingSystem.IsLinux() ? files.Length : process.HandleCount,
            Sockets = files.Count(static file => file.StartsWith("socket:", StringComparison.Ordinal)),
            Lent = CallbackHandle.Live + LogTableScan.Open + PlanRegistry.Count + FetchMemory.Shared.ReservedBytes + FramePool.Shared.Rented + NativeSlabPool.Shared.RentedBytes,
            DuckDb = duckDb,
            Heap = heap.HeapSizeBytes - heap.FragmentedBytes,
            Resident = process.WorkingSet64,
        };
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Threads} threads, {Files} files, {Sockets} sockets, {Lent} lent, {DuckDb >> 10} KiB in DuckDB, heap {Heap >> 10} KiB, resident {Resident >> 10} KiB");

    private static string Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget ?? "";
        }
        catch (IOException)
        {
            // Closed between the listing and here.
            return "";
        }
    }

    // What the allocator keeps for later would hide in the resident set what is really held.
    private static void TrimNativeHeap()
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                _ = MallocTrim(0);
            }
            catch (EntryPointNotFoundException)
            {
                // Another C library than glibc.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MallocTrim(nuint pad);
}
