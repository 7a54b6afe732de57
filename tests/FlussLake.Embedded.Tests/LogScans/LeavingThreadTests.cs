using DuckDB.NET.Data;
using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Data;
using FlussLake.Data.DuckDb;
using FlussLake.Data.Sessions;
using FlussLake.Data.UnionRead;
using FlussLake.Embedded.Tests.Servers;

namespace FlussLake.Embedded.Tests.LogScans;

/// <summary>
/// Threads of DuckDB in a log scan whose rows are still to come: a plan ends at offset 20 of an empty log, and a batch comes when a test appends it. One of two threads may wait
/// as long as it takes.
/// </summary>
public sealed class LeavingThreadTests : IAsyncLifetime
{
    private const int BatchRows = 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly DuckDBConnection _duckDb = new("Data Source=:memory:;threads=2");
    private readonly Session _session = new(new SessionSettings());
    private EmbeddedFluss? _fluss;
    private FlussClient? _client;
    private TableInfo? _table;
    private LogTableScan? _scan;

    public async ValueTask InitializeAsync()
    {
        _fluss = await EmbeddedFluss.StartAsync();
        _table = _fluss.CreateOrders();
        _client = _fluss.Client(TimeSpan.FromMinutes(2));
        _duckDb.Open();
        LogArm arm = new([new LogRange(new TableBucket(_table.TableId, null, 0), 0, 2 * BatchRows)], []);
        UnionReadPlan plan = new()
        {
            Session = _session,
            Client = _client,
            Table = _table,
            Nanoseconds = TimestampNanoseconds.Error,
            LogArms = [arm],
            Counts = new ReadCounts(_table.Path),
        };
        _scan = new LogTableScan(new LogBinding(plan, arm, LogFunctionInstance.Of(_duckDb)), [1]);
    }

    public async ValueTask DisposeAsync()
    {
        _scan?.Dispose();
        _client?.Dispose();
        await _duckDb.DisposeAsync();
        _session.Dispose();
        if (_fluss is not null)
        {
            await _fluss.DisposeAsync();
        }
    }

    [Fact]
    public void A_thread_leaves_while_another_one_waits_and_no_row_is_lost()
    {
        Taker first = Waiting(StandingClock.Rested);

        Taker second = new(_scan!, StandingClock.Tired);
        Assert.Equal((false, null), second.Result(s_patience));
        Assert.False(first.HasEnded);

        Append();
        Append();
        Assert.Equal((true, 0L), first.Result(s_patience));
        Assert.Equal((true, 10L), new Taker(_scan!, StandingClock.Tired).Result(s_patience));
        Assert.Equal((false, null), new Taker(_scan!, StandingClock.Tired).Result(s_patience));
    }

    [Fact]
    public void A_thread_that_would_be_the_last_one_stays_although_it_has_waited_enough()
    {
        Taker only = Waiting(StandingClock.Tired);

        Append();

        Assert.Equal((true, 0L), only.Result(s_patience));
    }

    [Fact]
    public void The_place_of_a_thread_that_has_its_batch_is_free_for_one_that_has_waited_enough()
    {
        Taker first = Waiting(StandingClock.Rested);
        Append();
        Assert.Equal((true, 0L), first.Result(s_patience));

        Taker second = Waiting(StandingClock.Tired);
        Append();

        Assert.Equal((true, 10L), second.Result(s_patience));
    }

    [Fact]
    public void A_thread_whose_patience_ends_after_the_other_one_has_gone_to_work_waits_in_its_place()
    {
        Taker first = Waiting(StandingClock.Rested);
        Taker second = Waiting(StandingClock.Rested);
        Append();

        // One of them has the batch and works; the other's quarter of a second ends, or has ended before: then it has left.
        Assert.True(SpinWait.SpinUntil(() => first.HasEnded || second.HasEnded, s_patience));
        Taker third = new(_scan!, StandingClock.Tired);
        Append();

        (bool Taken, long? Offset)[] results = [first.Result(s_patience), second.Result(s_patience), third.Result(s_patience)];
        Assert.Equal([0L, 10L], results.Where(static result => result.Taken).Select(static result => result.Offset!.Value).Order());
    }

    private void Append()
    {
        using Wire tablet = Wire.ToTablet(_fluss!, 0);
        tablet.Append(_table!, Batches.Of(0, BatchRows));
    }

    // A thread that stands in the scan and has found nothing there.
    private Taker Waiting(WorkAndWait time)
    {
        Taker taker = new(_scan!, time);
        Assert.True(taker.IsWaiting(s_patience), "The thread does not wait.");
        return taker;
    }
}
