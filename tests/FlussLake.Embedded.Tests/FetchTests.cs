using System.Diagnostics;

using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Tests.Servers;

using Google.Protobuf;

namespace FlussLake.Embedded.Tests;

public sealed class FetchTests
{
    [Fact]
    public async Task A_fetch_gives_whole_batches_from_the_one_that_contains_the_offset()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        (TableInfo table, Wire tablet) = WithThreeBatches(fluss);
        using (tablet)
        {
            Assert.Equal([0L, 3L, 6L], Offsets(tablet, Shop.Fetch(table, 0)));
            Assert.Equal([0L, 3L, 6L], Offsets(tablet, Shop.Fetch(table, -2)));
            Assert.Equal([3L, 6L], Offsets(tablet, Shop.Fetch(table, 5)));
            Assert.Empty(Offsets(tablet, Shop.Fetch(table, 9)));
            foreach (long offset in (long[])[10, -1, -3, long.MaxValue, long.MinValue])
            {
                FlussException refused = Assert.Throws<FlussException>(() => tablet.FetchOne(Shop.Fetch(table, offset)));
                Assert.Equal(FlussErrorCode.LogOffsetOutOfRange, refused.Code);
                Assert.Contains($"{offset}", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Limits_are_kept_but_for_the_first_batch()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        (TableInfo table, Wire tablet) = WithThreeBatches(fluss);
        using (tablet)
        {
            int size = Batches.Of(0, 3).Length;
            Assert.Equal([0L], Offsets(tablet, Shop.Fetch(table, 0, maxBytes: 1)));
            Assert.Equal([0L], Offsets(tablet, Shop.Fetch(table, 0, maxBytes: (2 * size) - 1)));
            Assert.Equal([0L, 3L], Offsets(tablet, Shop.Fetch(table, 0, maxBytes: 2 * size)));
            Assert.Equal([0L], Offsets(tablet, Shop.Fetch(table, 0, maxBytes: -7)));
        }
    }

    [Fact]
    public async Task A_fetch_waits_for_bytes_until_they_are_there_or_its_time_is_over()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire reader = Wire.ToTablet(fluss);
        using Wire writer = Wire.ToTablet(fluss);

        int waiting = reader.Send(ApiKey.FetchLog, Shop.Fetch(table, 0, minBytes: 1, maxWait: 60_000));
        int asking = reader.Send(ApiKey.TableExists, new TableExistsRequest { TablePath = Shop.Orders.ToMessage() });
        Assert.Equal(asking, reader.Receive()!.Id);
        writer.Append(table, Batches.Of(0, 2));
        WireAnswer answer = reader.Receive()!;
        Assert.Equal(waiting, answer.Id);
        Assert.Single(Shop.Split(answer.Read(FetchLogResponse.Parser).TablesResp[0].BucketsResp[0].Records));

        // Bytes of several appends add up.
        int size = Batches.Of(2, 1).Length;
        waiting = reader.Send(ApiKey.FetchLog, Shop.Fetch(table, 2, minBytes: 3 * size, maxWait: 60_000));
        for (int i = 0; i < 3; i++)
        {
            writer.Append(table, Batches.Of(2 + i, 1));
        }

        answer = reader.Receive()!;
        Assert.Equal([2L, 3L, 4L], Shop.Split(answer.Read(FetchLogResponse.Parser).TablesResp[0].BucketsResp[0].Records).Select(batch => Shop.Header(batch).BaseOffset));

        long started = Stopwatch.GetTimestamp();
        Assert.Empty(Offsets(reader, Shop.Fetch(table, 5, minBytes: 1, maxWait: 200)));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 190, 10_000);
    }

    [Fact]
    public async Task A_fetch_that_waits_learns_that_its_table_is_dropped()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire reader = Wire.ToTablet(fluss);
        reader.Send(ApiKey.FetchLog, Shop.Fetch(table, 0, minBytes: 1, maxWait: 500));
        using Wire coordinator = new(fluss.BootstrapServers);
        coordinator.Call(ApiKey.DropTable, new DropTableRequest { TablePath = Shop.Orders.ToMessage(), IgnoreIfNotExists = false }, DropTableResponse.Parser);
        PbFetchLogRespForBucket answer = reader.Receive()!.Read(FetchLogResponse.Parser).TablesResp.Single().BucketsResp.Single();
        Assert.Equal((int)FlussErrorCode.UnknownTableOrBucket, answer.ErrorCode);
    }

    [Fact]
    public async Task A_projection_cuts_columns_out_of_every_batch()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        (TableInfo table, Wire tablet) = WithThreeBatches(fluss);
        using (tablet)
        {
            List<byte[]> notes = Shop.Split(tablet.FetchOne(Shop.Fetch(table, 0, projection: [1])).Records);
            Assert.Equal(["n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8"], notes.SelectMany(batch => Batches.ReadProjectedNotes(batch)));
            Assert.All(notes, batch => Assert.True(batch.Length < Batches.Of(0, 3).Length));
            List<byte[]> ids = Shop.Split(tablet.FetchOne(Shop.Fetch(table, 4, projection: [0])).Records);
            Assert.Equal([3L, 4, 5, 6, 7, 8], ids.SelectMany(batch => Batches.ReadIds(batch, 0, 3)));
            Assert.Equal([0L, 3L, 6L], Offsets(tablet, Shop.Fetch(table, 0, projection: [0, 1])));
            Assert.Equal([0L], Offsets(tablet, Shop.Fetch(table, 0, maxBytes: 1, projection: [1])));
        }
    }

    [Theory]
    [InlineData()]
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    [InlineData(2)]
    [InlineData(-1)]
    public async Task An_impossible_projection_is_refused(params int[] positions)
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        (TableInfo table, Wire tablet) = WithThreeBatches(fluss);
        using (tablet)
        {
            FlussException refused = Assert.Throws<FlussException>(() => tablet.FetchOne(Shop.Fetch(table, 0, projection: positions)));
            Assert.Equal(FlussErrorCode.InvalidColumnProjection, refused.Code);
            Assert.Contains("shop.orders", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Noise_that_a_writer_called_records_is_projected_to_noise_or_refused_and_never_stops_the_server()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire tablet = Wire.ToTablet(fluss);
        int refused = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            long offset = tablet.Append(table, Batches.Noise(seed, 3));
            try
            {
                PbFetchLogRespForBucket answer = tablet.FetchOne(Shop.Fetch(table, offset, maxBytes: 1, projection: [seed % 2]));
                Assert.Equal(offset, Shop.Header(Assert.Single(Shop.Split(answer.Records))).BaseOffset);
            }
            catch (FlussException exception)
            {
                refused++;
                Assert.Equal(FlussErrorCode.CorruptRecord, exception.Code);
                Assert.Contains($"offset {offset} of bucket 0", exception.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(refused, 20, 400);
        Assert.Equal(1200, tablet.FetchOne(Shop.Fetch(table, 0, maxBytes: 1)).HighWatermark);
    }

    [Fact]
    public async Task A_projection_keeps_the_change_types_of_a_batch()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire tablet = Wire.ToTablet(fluss);
        tablet.Append(table, Batches.OfChanges(7, 5));
        byte[] projected = Assert.Single(Shop.Split(tablet.FetchOne(Shop.Fetch(table, 0, projection: [1])).Records));
        Assert.False(Shop.Header(projected).IsAppendOnly);
        Assert.Equal([0, 1, 2, 3, 0], projected[48..53]);
        Assert.Equal(["n7", "n8", "n9", "n10", "n11"], Batches.ReadProjectedNotes([.. projected[..48], .. projected[53..]]));
    }

    [Fact]
    public async Task A_batch_that_says_it_has_more_changes_than_bytes_is_refused_and_other_buckets_are_read()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders(buckets: 2);
        using Wire tablet = Wire.ToTablet(fluss);
        tablet.Append(table, Batches.Of(0, 3), bucket: 0);
        tablet.Append(table, Batches.WithChangeTypes(int.MaxValue), bucket: 1);
        FetchLogRequest request = Shop.Fetch(table, 0, projection: [0]);
        request.TablesReq[0].BucketsReq.Add(new PbFetchLogReqForBucket { BucketId = 1, FetchOffset = 0, MaxFetchBytes = 1 << 20 });
        Google.Protobuf.Collections.RepeatedField<PbFetchLogRespForBucket> answers = tablet.Call(ApiKey.FetchLog, request, FetchLogResponse.Parser).TablesResp.Single().BucketsResp;
        Assert.Single(Shop.Split(answers[0].Records));
        Assert.Equal((int)FlussErrorCode.CorruptRecord, answers[1].ErrorCode);
        Assert.Contains("offset 0 of bucket 1", answers[1].ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_buckets_share_the_limit_of_a_request()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders(buckets: 3);
        using Wire tablet = Wire.ToTablet(fluss);
        for (int bucket = 0; bucket < 3; bucket++)
        {
            tablet.Append(table, Batches.Of(bucket * 10, 3), bucket);
        }

        FetchLogRequest request = Shop.Fetch(table, 0, maxBytes: Batches.Of(0, 3).Length);
        request.TablesReq[0].BucketsReq.Add(new PbFetchLogReqForBucket { BucketId = 1, FetchOffset = 0, MaxFetchBytes = 1 << 20 });
        request.TablesReq[0].BucketsReq.Add(new PbFetchLogReqForBucket { BucketId = 7, FetchOffset = 0, MaxFetchBytes = 1 << 20 });
        Google.Protobuf.Collections.RepeatedField<PbFetchLogRespForBucket> answers = tablet.Call(ApiKey.FetchLog, request, FetchLogResponse.Parser).TablesResp.Single().BucketsResp;
        Assert.Equal([0, 1, 7], answers.Select(answer => answer.BucketId));
        Assert.Single(Shop.Split(answers[0].Records));
        Assert.Equal((0, 3L), (answers[1].Records.Length, answers[1].HighWatermark));
        Assert.Equal((int)FlussErrorCode.UnknownTableOrBucket, answers[2].ErrorCode);
    }

    [Fact]
    public async Task A_limit_scan_gives_the_batches_with_the_last_rows()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        (TableInfo table, Wire tablet) = WithThreeBatches(fluss);
        using (tablet)
        {
            Assert.Equal([6L], Scan(1));
            Assert.Equal([3L, 6L], Scan(4));
            Assert.Equal([0L, 3L, 6L], Scan(int.MaxValue));
            GetTableStatsResponse stats = tablet.Call(
                ApiKey.GetTableStats, new GetTableStatsRequest { TableId = table.TableId, BucketsReq = { new PbTableStatsReqForBucket { BucketId = 0 } } }, GetTableStatsResponse.Parser);
            Assert.Equal(9, stats.BucketsResp.Single().RowCount);
        }

        IEnumerable<long> Scan(int limit)
        {
            LimitScanResponse answer = tablet.Call(ApiKey.LimitScan, new LimitScanRequest { TableId = table.TableId, BucketId = 0, Limit = limit }, LimitScanResponse.Parser);
            Assert.True(answer.IsLogTable);
            return Shop.Split(answer.Records).Select(batch => Shop.Header(batch).BaseOffset);
        }
    }

    private static (TableInfo Table, Wire Tablet) WithThreeBatches(EmbeddedFluss fluss)
    {
        TableInfo table = fluss.CreateOrders();
        Wire tablet = Wire.ToTablet(fluss);
        for (int i = 0; i < 3; i++)
        {
            tablet.Append(table, Batches.Of(i * 3, 3));
        }

        return (table, tablet);
    }

    private static IEnumerable<long> Offsets(Wire tablet, FetchLogRequest request)
    {
        ByteString records = tablet.FetchOne(request).Records;
        return Shop.Split(records).Select(batch => Shop.Header(batch).BaseOffset);
    }
}
