using System.Collections.Concurrent;
using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Log.Rows;
using FlussLake.Client.Metadata;
using FlussLake.Client.Threading;
using FlussLake.Data.Sessions;
using FlussLake.Data.UnionRead;
using FlussLake.Data.UnionRead.Partitions;

namespace FlussLake.Data.DuckDb;

/// <summary>
/// One reading of an arm of a plan's log half, shared by the DuckDB threads that take part. It ends when DuckDB destroys it, and at the latest with its statement, so that nothing is
/// fetched for a statement that is over.
/// </summary>
internal sealed class LogTableScan : IDisposable
{
    private static long s_open;
    private static long s_bytesFetched;

    private readonly UnionReadPlan _plan;
    private readonly LogArm _arm;
    private readonly LogScan _scan;
    private readonly StatementScope? _statement;
    private readonly CancellationToken _stop;
    private readonly ConcurrentDictionary<short, LogProjection> _projections = new();
    private readonly int[] _wanted;
    private readonly int[]? _pushed;
    private readonly Func<string> _waitsFor;
    private readonly WaitingShare _share;
    private long _waitsSince;
    private bool _disposed;

    public LogTableScan(LogBinding binding, IReadOnlyList<int> asked)
    {
        _plan = binding.Plan;
        _arm = binding.Arm;
        Instance = binding.Instance;
        Outputs = [.. asked.Select(column => column == 0 ? RowMarker : binding.Positions[column - 1])];
        _wanted = [.. Outputs.Where(position => position != RowMarker).Distinct().Order()];
        CountsOnly = _wanted.Length == 0;
        _pushed = Pushed();
        _statement = _plan.Session.Statement;
        _stop = _statement?.Token ?? CancellationToken.None;
        _scan = _plan.Client.OpenLogScan(new LogScanOptions { Table = _plan.Table, Ranges = _arm.Ranges, ProjectedColumns = _pushed });
        _waitsFor = () => Messages.LogOf(_plan.Table.Path, _plan.Client.Waiting(Volatile.Read(ref _waitsSince)));
        Interlocked.Increment(ref s_open);
        _plan.Counts.Opened(_arm);
        _statement?.Track(this);
        _share = new WaitingShare(Instance.Threads);
        MaxThreads = CountsOnly ? 1 : (int)Math.Clamp(_arm.Offsets / RowsWorthAThread, 1, Instance.Threads);
    }

    /// <summary>The output column that is the row marker.</summary>
    public const int RowMarker = -1;

    /// <summary>Below this a second thread takes longer to join than it saves.</summary>
    private const long RowsWorthAThread = 50_000;

    /// <summary>How many scans are open in the process; tests see that it comes back to where it was.</summary>
    public static long Open => Interlocked.Read(ref s_open);

    /// <summary>The bytes of log data that the process's ended scans received.</summary>
    public static long TotalBytesFetched => Interlocked.Read(ref s_bytesFetched);

    public LogFunctionInstance Instance { get; }

    /// <summary>For each column that DuckDB asked for, in its order: its position in the table's schema, or <see cref="RowMarker"/>.</summary>
    public IReadOnlyList<int> Outputs { get; }

    /// <summary>Whether only the number of rows is wanted, so that nothing is decoded.</summary>
    public bool CountsOnly { get; }

    /// <summary>How many of DuckDB's threads may take part.</summary>
    public int MaxThreads { get; }

    /// <summary>Takes the next batch, waiting for it. False where there is none any more, and where this thread has waited enough while others wait on.</summary>
    public bool TryTake(WorkAndWait time, out LogScanBatch? batch)
    {
        Volatile.Write(ref _waitsSince, DedicatedTimeProvider.Instance.GetTimestamp());
        time.Wait();
        try
        {
            if (!_share.TryEnter())
            {
                TakeResult result = _scan.TryTake(time.Patience, out batch, _stop);
                if (result != TakeResult.GaveUp || !_share.TryEnter())
                {
                    return result == TakeResult.Taken;
                }
            }

            return Wait(out batch);
        }
        catch (FlussException gone) when (gone.Code == FlussErrorCode.PartitionNotExists && _plan.Partitions.Count > 0)
        {
            throw DroppedPartition.Of(_plan, _arm, gone, _stop);
        }
        finally
        {
            time.Work();
        }
    }

    /// <summary>How the columns that are wanted lie in the batches of a schema.</summary>
    public LogProjection Projection(short schemaId) => _projections.GetOrAdd(schemaId, Project);

    public void Fail(Exception failure) => _statement?.Fail(failure);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        _statement?.Untrack(this);
        _scan.Dispose();
        Interlocked.Decrement(ref s_open);
        Interlocked.Add(ref s_bytesFetched, _scan.BytesFetched);
    }

    // Only a thread that stays says what is waited for: one that leaves would take the words of those that wait on.
    private bool Wait(out LogScanBatch? batch)
    {
        try
        {
            using (new Waiting(_statement, _waitsFor))
            {
                return _scan.TryTake(out batch, _stop);
            }
        }
        finally
        {
            _share.Leave();
        }
    }

    private LogProjection Project(short schemaId)
    {
        TableSchema current = _plan.Table.Schema;
        TableSchema schema = schemaId == current.SchemaId ? current : _plan.Client.GetSchemaAsync(_plan.Table, schemaId, _stop).GetAwaiter().GetResult();
        return _pushed is null
            ? LogProjection.OfWholeBatch(_plan.Table.Path, _plan.LogFormat, current, schema, _wanted, Instance)
            : LogProjection.OfPushedColumns(_plan.Table.Path, current, schema, _pushed, Instance);
    }

    /// <summary>
    /// The columns that the server is asked for, or null for all. A table whose schema has evolved gets no server-side projection: positions that an old batch does not have
    /// fail the whole fetch. Batches of rows cannot be cut down by servers. For the number of rows alone the narrowest column is asked for.
    /// </summary>
    private int[]? Pushed()
    {
        IReadOnlyList<FlussColumn> columns = _plan.Table.Schema.Columns;
        if (_plan.LogFormat != LogFormat.Arrow || _plan.Table.Schema.SchemaId != 1 || _wanted.Length == columns.Count)
        {
            return null;
        }

        return CountsOnly ? [Enumerable.Range(0, columns.Count).MinBy(position => Width(columns[position].Type))] : _wanted;
    }

    private static int Width(FlussType type) => type.Kind switch
    {
        FlussTypeKind.Boolean => 0,
        FlussTypeKind.TinyInt => 1,
        FlussTypeKind.SmallInt => 2,
        FlussTypeKind.Int or FlussTypeKind.Float or FlussTypeKind.Date => 4,
        FlussTypeKind.Time => type.Precision <= 3 ? 4 : 8,
        FlussTypeKind.BigInt or FlussTypeKind.Double or FlussTypeKind.Timestamp or FlussTypeKind.TimestampLtz => 8,
        FlussTypeKind.Decimal => 16,
        FlussTypeKind.Binary => 16 + type.Length,
        FlussTypeKind.Char => 32 + type.Length,
        FlussTypeKind.String or FlussTypeKind.Bytes => 1 << 20,
        _ => 1 << 24,
    };
}
