using System.Diagnostics;

namespace FlussLake.Data.Tests;

/// <summary>A time-out is one call's, whatever the call does inside.</summary>
public sealed class CallTimeoutTests
{
    private const string Endless = "SELECT x FROM range(100000000000) t(x)";
    private const string Long = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE hash(a.range, b.range) = 1";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_that_nobody_wants_are_read_within_one_time_out(bool asynchronous)
    {
        using FlussLakeConnection connection = TestConnection.Open();
        using FlussLakeCommand command = connection.Command(Endless, timeout: 1);
        long started = Stopwatch.GetTimestamp();
        FlussLakeException late = asynchronous
            ? await Assert.ThrowsAsync<FlussLakeException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken))
            : Assert.Throws<FlussLakeException>(() => command.ExecuteNonQuery());
        Assert.IsType<TimeoutException>(late.InnerException);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.9, 6);
        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_later_results_of_a_scalar_count(bool asynchronous)
    {
        using FlussLakeConnection connection = TestConnection.Open();
        using FlussLakeCommand command = connection.Command($"SELECT 1; {Long}; {Long}; {Long}", timeout: 1);
        long started = Stopwatch.GetTimestamp();
        FlussLakeException late = asynchronous
            ? await Assert.ThrowsAsync<FlussLakeException>(() => command.ExecuteScalarAsync(TestContext.Current.CancellationToken))
            : Assert.Throws<FlussLakeException>(() => command.ExecuteScalar());
        Assert.IsType<TimeoutException>(late.InnerException);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.9, 6);
    }

    [Fact]
    public void A_time_out_is_told_once()
    {
        using FlussLakeConnection connection = TestConnection.Open();
        using FlussLakeDataReader reader = connection.Command("SELECT 1; " + Long, timeout: 1).ExecuteReader();
        FlussLakeException late = Assert.Throws<FlussLakeException>(() => reader.NextResult());
        Exception? cause = Assert.IsType<TimeoutException>(late.InnerException).InnerException;
        Assert.False(cause is FlussLakeException, $"{cause}");
        Assert.IsType<TimeoutException>(Assert.Throws<FlussLakeException>(() => reader.NextResult()).InnerException);
    }
}
