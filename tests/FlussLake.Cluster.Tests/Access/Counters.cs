using System.Data.Common;
using FlussLake.Client.Log;
using FlussLake.Data;
using FlussLake.Data.DuckDb;
using FlussLake.Data.UnionRead;

namespace FlussLake.Cluster.Tests.Access;

/// <summary>What the provider holds now, from its internal counters, all process-wide.</summary>
internal static class Counters
{
    /// <summary>Bytes of fetched log data that scans hold.</summary>
    public static long LogBytesHeld => FetchMemory.Shared.ReservedBytes;

    /// <summary>Log scans that are open.</summary>
    public static long OpenLogScans => LogTableScan.Open;

    /// <summary>Plans that SQL text may refer to.</summary>
    public static long Plans => PlanRegistry.Count;

    /// <summary>All bytes of log data that ended scans fetched from servers.</summary>
    public static long LogBytesFetched => LogTableScan.TotalBytesFetched;

    /// <summary>What the connection's latest statement planned and read of the one table that it names.</summary>
    public static ReadCounts Of(DbConnection connection) => Assert.Single(((FlussLakeConnection)connection).Session!.Reads.Counts);

    /// <summary>Everything that must come back to where it was when no statement runs.</summary>
    public static IReadOnlyDictionary<string, long> Held() => new Dictionary<string, long>
    {
        [nameof(LogBytesHeld)] = LogBytesHeld,
        [nameof(OpenLogScans)] = OpenLogScans,
        [nameof(Plans)] = Plans,
    };
}
