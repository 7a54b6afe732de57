using System.Security.Cryptography;
using FlussLake.Client;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;
using FlussLake.Data.Sessions;
using FlussLake.Lake;

namespace FlussLake.Data.UnionRead;

/// <summary>
/// One reading of one table, captured at one moment: which lake files, and which range of each bucket's log. Immutable, and without sockets: every scan that DuckDB starts
/// reads the same captured range afresh.
/// </summary>
internal sealed record UnionReadPlan
{
    /// <summary>The name by which SQL text refers to this plan: 128 random bits, because whoever knows it reads with the plan's credentials.</summary>
    public string Id { get; private init; } = NewId();

    /// <summary>The session that the plan was made for.</summary>
    public required Session Session { get; init; }

    public required FlussClient Client { get; init; }

    public required TableInfo Table { get; init; }

    /// <summary>How the batches of the log half hold their records.</summary>
    public LogFormat LogFormat => LogFormats.Of(Table) ?? LogFormat.Arrow;

    public required TimestampNanoseconds Nanoseconds { get; init; }

    /// <summary>The registered lake snapshot that the lake half is read at, or null where the log alone is read.</summary>
    public long? LakeSnapshotId { get; init; }

    /// <summary>The lake half; null where there is none or it was not asked for.</summary>
    public LakeScan? Lake { get; init; }

    /// <summary>Why the lake half cannot be read although there is one, or null. Reads of the log alone are not concerned.</summary>
    public FlussLakeException? LakeProblem { get; init; }

    /// <summary>The parts of the lake half; empty where there are no files, or the half was not asked for.</summary>
    public IReadOnlyList<LakeArm> LakeArms { get; init; } = [];

    /// <summary>The parts of the log half, with the buckets that have records after the lake's offsets; empty where there is nothing to fetch.</summary>
    public IReadOnlyList<LogArm> LogArms { get; init; } = [];

    /// <summary>The partitions that the table had in Fluss, by id; empty for a table without partitions.</summary>
    public IReadOnlyDictionary<long, PartitionInfo> Partitions { get; init; } = new Dictionary<long, PartitionInfo>();

    /// <summary>What is planned, and what of it was read.</summary>
    public required ReadCounts Counts { get; init; }

    /// <summary>Why the lake takes no part, or null where it does.</summary>
    public string? Reason { get; init; }

    public bool HasLakeFiles => LakeArms.Count > 0;

    /// <summary>The same capture with one half alone, as a plan of its own.</summary>
    public UnionReadPlan Only(TableHalf half) => half switch
    {
        TableHalf.Lake => this with { Id = NewId(), LogArms = [] },
        TableHalf.Log => this with { Id = NewId(), Lake = null, LakeArms = [] },
        _ => this,
    };

    private static string NewId() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
