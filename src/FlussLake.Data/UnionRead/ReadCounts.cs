using FlussLake.Client;

namespace FlussLake.Data.UnionRead;

/// <summary>What a plan offers to DuckDB, and what DuckDB has really read of its log half. Shared by both halves of one capture; safe for concurrent use.</summary>
internal sealed class ReadCounts(TablePath table)
{
    private readonly HashSet<object> _openedArms = new(ReferenceEqualityComparer.Instance);
    private readonly Lock _gate = new();
    private int _scans;
    private int _buckets;

    public TablePath Table { get; } = table;

    /// <summary>The lake files of the plan.</summary>
    public int LakeFilesPlanned { get; init; }

    /// <summary>The parts that the lake half has, each of which DuckDB may leave out.</summary>
    public int LakeArmsPlanned { get; init; }

    /// <summary>The buckets that have records after the lake's offsets.</summary>
    public int LogBucketsPlanned { get; init; }

    /// <summary>The parts that the log half has, each of which DuckDB may leave out.</summary>
    public int LogArmsPlanned { get; init; }

    /// <summary>The parts of the log half that DuckDB left out.</summary>
    public int LogArmsPruned => LogArmsPlanned - LogArmsOpened;

    /// <summary>The parts of the log half that were read, however often.</summary>
    public int LogArmsOpened
    {
        get
        {
            lock (_gate)
            {
                return _openedArms.Count;
            }
        }
    }

    /// <summary>The scans that were started; a statement may read a part several times.</summary>
    public int ScansOpened
    {
        get
        {
            lock (_gate)
            {
                return _scans;
            }
        }
    }

    /// <summary>The buckets of the parts that were read, each once.</summary>
    public int LogBucketsOpened
    {
        get
        {
            lock (_gate)
            {
                return _buckets;
            }
        }
    }

    public void Opened(LogArm arm)
    {
        lock (_gate)
        {
            _scans++;
            _buckets += _openedArms.Add(arm) ? arm.Ranges.Count : 0;
        }
    }
}
