using FlussLake.Data.DuckDb;

namespace FlussLake.Data.Tests.LogScans;

/// <summary>How long a thread may wait: as long as it has worked, and a quarter of a second.</summary>
public sealed class WorkAndWaitTests
{
    private readonly ManualTime _time = new();
    private readonly WorkAndWait _thread;

    public WorkAndWaitTests() => _thread = new WorkAndWait(_time);

    [Fact]
    public void A_thread_that_has_not_worked_may_wait_for_the_first_answer_of_a_server()
    {
        _time.Advance(10_000);
        _thread.Wait();
        Assert.Equal(TimeSpan.FromMilliseconds(250), _thread.Patience);
        Assert.Equal(TimeSpan.FromMilliseconds(250), WorkAndWait.FirstPatience);
    }

    [Fact]
    public void Waiting_uses_patience_up_and_working_restores_it()
    {
        WaitFor(100);
        Assert.Equal(TimeSpan.FromMilliseconds(150), _thread.Patience);
        WorkFor(70);
        Assert.Equal(TimeSpan.FromMilliseconds(220), _thread.Patience);
        WaitFor(220);
        Assert.Equal(TimeSpan.Zero, _thread.Patience);
        WorkFor(1);
        Assert.Equal(TimeSpan.FromMilliseconds(1), _thread.Patience);
    }

    [Fact]
    public void Patience_is_never_negative_and_what_was_waited_too_long_is_owed()
    {
        WaitFor(1000);
        Assert.Equal(TimeSpan.Zero, _thread.Patience);
        WorkFor(700);
        Assert.Equal(TimeSpan.Zero, _thread.Patience);
        WorkFor(60);
        Assert.Equal(TimeSpan.FromMilliseconds(10), _thread.Patience);
    }

    private void WaitFor(int milliseconds)
    {
        _thread.Wait();
        _time.Advance(milliseconds);
        _thread.Work();
    }

    // Work is counted when it ends: at the next wait.
    private void WorkFor(int milliseconds)
    {
        _time.Advance(milliseconds);
        _thread.Wait();
        _thread.Work();
    }
}
