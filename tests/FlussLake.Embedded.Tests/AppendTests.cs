using System.Buffers.Binary;

using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Tests.Servers;

namespace FlussLake.Embedded.Tests;

public sealed class AppendTests
{
    [Fact]
    public async Task Batches_get_offsets_and_times_and_keep_their_bytes()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire tablet = Wire.ToTablet(fluss);
        long before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        byte[] sent = Batches.Of(10, 4);
        Assert.Equal(0, tablet.Append(table, Batches.Of(0, 3)));
        Assert.Equal(3, tablet.Append(table, sent));

        PbFetchLogRespForBucket answer = tablet.FetchOne(Shop.Fetch(table, 0));
        Assert.Equal(7, answer.HighWatermark);
        List<byte[]> batches = Shop.Split(answer.Records);
        Assert.Equal([0L, 3L], batches.Select(batch => Shop.Header(batch).BaseOffset));
        Assert.InRange(Shop.Header(batches[0]).CommitTimestamp, before, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Assert.True(Shop.Header(batches[1]).CommitTimestamp >= Shop.Header(batches[0]).CommitTimestamp);
        Assert.Equal(Shop.Header(sent).Crc, Crc32C.Compute(batches[1].AsSpan(25)));
        Assert.Equal(sent[21..], batches[1][21..]);
    }

    [Fact]
    public async Task A_repeated_batch_is_acknowledged_with_its_offset_and_a_gap_is_refused()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire tablet = Wire.ToTablet(fluss);
        long writer = tablet.Call(ApiKey.InitWriter, new InitWriterRequest(), InitWriterResponse.Parser).WriterId;
        Assert.Equal(writer + 1, tablet.Call(ApiKey.InitWriter, new InitWriterRequest(), InitWriterResponse.Parser).WriterId);

        Assert.Equal(FlussErrorCode.OutOfOrderSequence, Refused(1));
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(i * 2, tablet.Append(table, Batches.Of(i * 2, 2, writer, i)));
        }

        // The last five are remembered; what is older cannot be told from a gap.
        for (int i = 3; i < 8; i++)
        {
            Assert.Equal(i * 2, tablet.Append(table, Batches.Of(i * 2, 2, writer, i)));
        }

        Assert.Equal(FlussErrorCode.OutOfOrderSequence, Refused(2));
        Assert.Equal(FlussErrorCode.OutOfOrderSequence, Refused(9));

        // Another writer starts at 0, and one without an id is not numbered.
        Assert.Equal(16, tablet.Append(table, Batches.Of(16, 1, writer + 1, 0)));
        Assert.Equal(17, tablet.Append(table, Batches.Of(17, 1)));
        using FlussClient client = fluss.Client();
        Assert.Equal(Enumerable.Range(0, 18).Select(id => (long)id), client.ReadIds(Shop.Orders));

        FlussErrorCode Refused(int sequence) => Assert.Throws<FlussException>(() => tablet.Append(table, Batches.Of(0, 2, writer, sequence))).Code;
    }

    [Fact]
    public async Task Several_batches_of_one_request_are_appended_together()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire tablet = Wire.ToTablet(fluss);
        Assert.Equal(0, tablet.Append(table, [.. Batches.Of(0, 2, 5, 0), .. Batches.Of(2, 3, 5, 1)]));
        Assert.Equal(FlussErrorCode.OutOfOrderSequence, Assert.Throws<FlussException>(() => tablet.Append(table, [.. Batches.Of(5, 1, 5, 2), .. Batches.Of(6, 1, 5, 4)])).Code);
        Assert.Equal(5, tablet.Append(table, Batches.Of(5, 1, 5, 2)));
        using FlussClient client = fluss.Client();
        Assert.Equal([0L, 1, 2, 3, 4, 5], client.ReadIds(Shop.Orders));
    }

    [Fact]
    public async Task Batches_that_are_new_are_appended_also_where_others_of_the_request_are_repeated()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire tablet = Wire.ToTablet(fluss);
        Assert.Equal(0, tablet.Append(table, Batches.Of(0, 2, 5, 0)));
        Assert.Equal(0, tablet.Append(table, [.. Batches.Of(0, 2, 5, 0), .. Batches.Of(2, 3, 5, 1)]));
        Assert.Equal(5, tablet.Append(table, [.. Batches.Of(5, 1, 5, 2), .. Batches.Of(0, 2, 5, 0)]));
        Assert.Equal(2, tablet.Append(table, [.. Batches.Of(2, 3, 5, 1), .. Batches.Of(5, 1, 5, 2)]));
        using FlussClient client = fluss.Client();
        Assert.Equal([0L, 1, 2, 3, 4, 5], client.ReadIds(Shop.Orders));
    }

    [Fact]
    public async Task A_writers_numbers_go_on_at_0_after_the_largest_and_its_repeats_are_known_on_both_sides()
    {
        using TempFolder folder = new();
        EmbeddedFlussOptions options = new() { DataDirectory = folder.Path };
        TableInfo table;
        await using (EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken))
        {
            table = fluss.CreateOrders();
            using Wire tablet = Wire.ToTablet(fluss);
            Assert.Equal(0, tablet.Append(table, Batches.Of(0, 1, 5, 0)));
        }

        // A writer does not live to send so many batches, so the last one is given the largest number.
        StateFile.Change(folder.Path, $"UPDATE batches SET sequence = {int.MaxValue}");
        for (int round = 0; round < 2; round++)
        {
            await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken);
            using Wire tablet = Wire.ToTablet(fluss);
            Assert.Equal(FlussErrorCode.OutOfOrderSequence, Assert.Throws<FlussException>(() => tablet.Append(table, Batches.Of(9, 1, 5, 2 + round))).Code);
            Assert.Equal(1, tablet.Append(table, Batches.Of(1, 1, 5, 0)));
            Assert.Equal(0, tablet.Append(table, Batches.Of(0, 1, 5, int.MaxValue)));
            Assert.Equal(2, tablet.Append(table, Batches.Of(2, 1, 5, 1)));
            Assert.Equal(3, tablet.FetchOne(Shop.Fetch(table, 0)).HighWatermark);
        }
    }

    [Fact]
    public async Task A_batch_of_60_MB_is_stored_and_read_whole_and_projected()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire tablet = Wire.ToTablet(fluss);
        byte[] batch = Batches.Of(0, 3_200_000);
        Assert.True(batch.Length > 60_000_000);
        Assert.Equal(0, tablet.Append(table, batch));
        Assert.Equal(3_200_000, tablet.Append(table, Batches.Of(3_200_000, 1)));
        Assert.Equal(batch[21..], tablet.FetchOne(Shop.Fetch(table, 3_199_999, maxBytes: 1)).Records.ToByteArray()[21..]);
        List<byte[]> projected = Shop.Split(tablet.FetchOne(Shop.Fetch(table, 0, maxBytes: 64 << 20, projection: [0])).Records);
        Assert.Equal([3_200_000, 1], projected.Select(part => Shop.Header(part).RecordCount));
    }

    [Fact]
    public async Task What_is_no_batch_is_refused_and_nothing_of_it_is_stored()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire tablet = Wire.ToTablet(fluss);
        byte[] flipped = Batches.Of(0, 3);
        flipped[^1] ^= 1;
        byte[] negative = Batches.Of(0, 3);
        BinaryPrimitives.WriteInt32LittleEndian(negative.AsSpan(8), -5);
        byte[] unknown = Batches.Of(0, 3);
        unknown[12] = 9;
        foreach (byte[] bad in (byte[][])[[], [1, 2, 3], flipped, negative, unknown, Batches.Of(0, 3)[..^8], [.. Batches.Of(0, 3), 0, 0]])
        {
            FlussException refused = Assert.Throws<FlussException>(() => tablet.Append(table, bad));
            Assert.Equal(FlussErrorCode.CorruptRecord, refused.Code);
            Assert.Contains($"bucket 0 of table {table.TableId}", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, tablet.Append(table, Batches.Of(0, 1)));
    }

    [Fact]
    public async Task Acks_buckets_and_leaders_are_checked()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { TabletServers = 2 }, TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        int leader = fluss.Logs.Get(new TableBucket(table.TableId, null, 0)).Leader!.Value;
        using Wire leading = Wire.ToTablet(fluss, leader);
        using Wire other = Wire.ToTablet(fluss, 1 - leader);
        Assert.Equal(FlussErrorCode.InvalidRequiredAcks, Assert.Throws<FlussException>(() =>
            leading.Call(ApiKey.ProduceLog, Shop.Produce(table, 0, Batches.Of(0, 1), acks: 2), ProduceLogResponse.Parser)).Code);
        Assert.Equal(FlussErrorCode.NotLeaderOrFollower, Assert.Throws<FlussException>(() => other.Append(table, Batches.Of(0, 1))).Code);
        Assert.Equal(FlussErrorCode.UnknownTableOrBucket, Assert.Throws<FlussException>(() => leading.Append(table, Batches.Of(0, 1), bucket: 1)).Code);
        Assert.Equal(FlussErrorCode.UnknownTableOrBucket, Assert.Throws<FlussException>(() => leading.Append(table, Batches.Of(0, 1), partition: 3)).Code);
        foreach (int acks in (int[])[0, 1, -1])
        {
            Assert.False(leading.Call(ApiKey.ProduceLog, Shop.Produce(table, 0, Batches.Of(0, 1), acks), ProduceLogResponse.Parser).BucketsResp.Single().HasErrorCode);
        }
    }

    [Fact]
    public async Task Times_never_go_back_when_the_clock_does()
    {
        SteppingTime time = new(1_700_000_000_000);
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { TimeProvider = time }, TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire tablet = Wire.ToTablet(fluss);
        foreach (long now in (long[])[1_700_000_001_000, 1_700_000_000_500, 1_700_000_002_000])
        {
            time.Now = now;
            tablet.Append(table, Batches.Of(0, 1));
        }

        Assert.Equal([1_700_000_001_000, 1_700_000_001_000, 1_700_000_002_000],
            Shop.Split(tablet.FetchOne(Shop.Fetch(table, 0)).Records).Select(batch => Shop.Header(batch).CommitTimestamp));
        Assert.Equal([0L, 0L, 2L], new long[] { 0, 1_700_000_001_000, 1_700_000_001_001 }.Select(OffsetAt));
        time.Now = 1_700_000_003_000;
        Assert.Equal(3, OffsetAt(1_700_000_003_000));
        Assert.Equal(FlussErrorCode.InvalidTimestamp, (FlussErrorCode)Offset(1_700_000_003_001).ErrorCode);

        long OffsetAt(long timestamp) => Offset(timestamp).Offset;

        PbListOffsetsForBucket Offset(long timestamp) => tablet.Call(
            ApiKey.ListOffsets,
            new ListOffsetsRequest { FollowerServerId = -1, OffsetType = 2, TableId = table.TableId, BucketId = { 0 }, StartTimestamp = timestamp },
            ListOffsetsResponse.Parser).Buckets.Single();
    }

    private sealed class SteppingTime(long now) : TimeProvider
    {
        private long _now = now;

        public long Now
        {
            get => Interlocked.Read(ref _now);
            set => Interlocked.Exchange(ref _now, value);
        }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Now);
    }
}
