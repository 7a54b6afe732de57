using FlussLake.Client.Buffers;
using FlussLake.Client.Protocol;
using FlussLake.Client.Tests.Servers;
using FlussLake.Client.Write;

namespace FlussLake.Client.Tests;

/// <summary>What a writer allocates and holds; alone, since buffers are counted for the process.</summary>
[Collection(nameof(StarvedThreadPoolTests))]
public sealed class AppendWriterMemoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Appending_a_row_allocates_nothing()
    {
        using FakeCluster cluster = new();
        using FlussClient client = new(cluster.Options);
        await using AppendWriter writer = await AppendWriterTests.Open(client, new AppendWriterOptions { Linger = TimeSpan.FromMinutes(10) });
        CountingRow row = new();

        // The first batch makes the buffers that the second one uses again.
        AppendMany(20_000);
        await writer.FlushAsync(Token);
        await writer.AppendAsync(row, Token);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AppendMany(10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        await writer.FlushAsync(Token);
        Assert.Equal(30_001, cluster.Buckets[0].Produced.Sum(batch => batch.Rows));

        void AppendMany(int rows)
        {
            for (int i = 0; i < rows; i++)
            {
                row.Id++;
                ValueTask appended = writer.AppendAsync(row, CancellationToken.None);
                Assert.True(appended.IsCompletedSuccessfully);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_writer_that_ended_holds_no_buffer_and_no_request(bool fails)
    {
        int rented = FramePool.Shared.Rented;
        using FakeCluster cluster = new(buckets: 3);
        int requests = 0;
        cluster.Intercept = (_, connection, request) =>
        {
            if (!fails || request.Key != ApiKey.ProduceLog)
            {
                return false;
            }

            // The second is refused while the first waits for its answer.
            if (Interlocked.Increment(ref requests) > 1)
            {
                connection.Answer(request, FakeCluster.Refusal(request.Read(ProduceLogRequest.Parser), FlussErrorCode.AuthorizationFailed));
            }

            return true;
        };
        using FlussClient client = new(cluster.Options);
        AppendWriter writer = await AppendWriterTests.Open(client, new AppendWriterOptions { BatchBytes = 1024, BucketAssignment = BucketAssignment.RoundRobin });
        try
        {
            await AppendWriterTests.Append(writer, 0, 500);
            await writer.DisposeAsync();
            Assert.False(fails);
        }
        catch (FlussException exception)
        {
            Assert.True(fails, exception.Message);
            await writer.DisposeAsync();
        }

        Assert.Equal(0, writer.Pipeline.BufferedBytes);
        Assert.Equal(0, client.RequestsInFlight);
        client.Dispose();
        Assert.True(SpinWait.SpinUntil(() => FramePool.Shared.Rented <= rented, TimeSpan.FromSeconds(10)), $"{FramePool.Shared.Rented} frames are rented, {rented} before.");
    }

    private sealed class CountingRow : FlussRow
    {
        public long Id { get; set; }

        public override bool IsNull(int column) => false;

        public override long GetInt64(int column) => Id;

        public override ReadOnlySpan<byte> GetBytes(int column) => "a note"u8;

        public override bool GetBoolean(int column) => throw new NotSupportedException();

        public override double GetDouble(int column) => throw new NotSupportedException();

        public override (long Milliseconds, int Nanoseconds) GetTimestamp(int column) => throw new NotSupportedException();

        public override Int128 GetUnscaledDecimal(int column, int precision, int scale) => throw new NotSupportedException();

        public override FlussRow GetNested(int column, out int count) => throw new NotSupportedException();
    }
}
