using System.Buffers.Binary;

using FlussLake.Client.Log;
using FlussLake.Client.Protocol;
using FlussLake.Client.Tests.Servers;

namespace FlussLake.Client.Tests;

public sealed class LogScanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Takes everything; gives the offsets of the rows of each bucket, in the order they came.</summary>
    private static Dictionary<int, List<long>> TakeAll(LogScan scan)
    {
        Dictionary<int, List<long>> rows = [];
        while (scan.TryTake(out LogScanBatch? batch, Token))
        {
            using (batch)
            {
                Assert.True(batch.RowCount > 0);
                Assert.Equal(batch.Header.SizeInBytes, batch.Bytes.Length);
                if (!rows.TryGetValue(batch.Bucket.Bucket, out List<long>? list))
                {
                    rows[batch.Bucket.Bucket] = list = [];
                }

                list.AddRange(Enumerable.Range(batch.FirstRow, batch.RowCount).Select(row => batch.Header.BaseOffset + row));
            }
        }

        return rows;
    }

    private static IEnumerable<long> Offsets(long start, long end) => Enumerable.Range((int)start, (int)(end - start)).Select(offset => (long)offset);

    private static FetchLogRequest[] Fetches(FakeCluster cluster) =>
        [.. cluster.Servers.SelectMany(server => server.Requests).Where(request => request.Key == ApiKey.FetchLog).Select(request => request.Read(FetchLogRequest.Parser))];

    private static FlussException Fails(FakeCluster cluster, LogRange range, Func<FlussClientOptions, FlussClientOptions>? change = null)
    {
        using FlussClient client = new(change?.Invoke(cluster.Options) ?? cluster.Options);
        LogScanOptions options = cluster.Scan(range);
        using LogScan scan = client.OpenLogScan(options);
        FlussException failure = Assert.Throws<FlussException>(() => TakeAll(scan));
        Assert.Same(failure, Assert.Throws<FlussException>(() => scan.TryTake(out _, Token)));
        Assert.Contains("shop.orders", failure.Message, StringComparison.Ordinal);
        Assert.Contains("bucket 0", failure.Message, StringComparison.Ordinal);
        Assert.True(SpinWait.SpinUntil(() => options.Memory.ReservedBytes == 0, TimeSpan.FromSeconds(1)));
        return failure;
    }

    [Fact]
    public void Every_row_of_every_range_comes_exactly_once_and_in_order()
    {
        using FakeCluster cluster = new(servers: 2, buckets: 5);
        for (int i = 0; i < 5; i++)
        {
            cluster.Buckets[i].Leader = i % 2;
            for (int batch = 0; batch < 20; batch++)
            {
                cluster.Buckets[i].Append(1 + ((batch + i) % 4));
            }
        }

        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 1024 });
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());
        Dictionary<int, List<long>> rows = TakeAll(scan);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(Offsets(0, cluster.Buckets[i].HighWatermark), rows[i]);
        }

        Assert.False(scan.TryTake(out LogScanBatch? none, Token));
        Assert.Null(none);
        Assert.Equal(100, scan.BatchesFetched);
    }

    [Fact]
    public void Several_takers_share_the_batches()
    {
        using FakeCluster cluster = new(buckets: 3);
        foreach (FakeBucket bucket in cluster.Buckets)
        {
            for (int batch = 0; batch < 50; batch++)
            {
                bucket.Append(2);
            }
        }

        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 1024 });
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());
        Dictionary<int, List<long>>[] taken = new Dictionary<int, List<long>>[4];
        Thread[] takers = [.. Enumerable.Range(0, 4).Select(i => new Thread(() => taken[i] = TakeAll(scan)))];
        Array.ForEach(takers, taker => taker.Start());
        Array.ForEach(takers, taker => taker.Join());
        for (int bucket = 0; bucket < 3; bucket++)
        {
            Assert.Equal(Offsets(0, 100), taken.SelectMany(rows => rows.GetValueOrDefault(bucket) ?? []).Order());
        }
    }

    [Fact]
    public void Batches_are_cut_at_both_ends()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(10).Append(10).Append(10);
        using FlussClient client = new(cluster.Options);
        using LogScan scan = client.OpenLogScan(cluster.Scan(new LogRange(cluster.Bucket(0), 4, 23)));
        List<(int First, int Count)> cuts = [];
        while (scan.TryTake(out LogScanBatch? batch, Token))
        {
            cuts.Add((batch.FirstRow, batch.RowCount));
            batch.Dispose();
        }

        Assert.Equal([(4, 6), (0, 10), (0, 3)], cuts);
    }

    [Fact]
    public void Rows_after_the_captured_end_are_not_returned_and_nothing_is_asked_beyond_it()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(5).Append(5);
        using FlussClient client = new(cluster.Options);
        using LogScan scan = client.OpenLogScan(cluster.Scan(new LogRange(cluster.Bucket(0), 0, 5)));
        Assert.Equal(Offsets(0, 5), TakeAll(scan)[0]);
        Assert.Equal(0, Assert.Single(Fetches(cluster)).TablesReq[0].BucketsReq[0].FetchOffset);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(9, 5)]
    [InlineData(-2, 0)]
    public void An_empty_range_is_not_asked_for(long start, long end)
    {
        using FakeCluster cluster = new();
        using FlussClient client = new(cluster.Options);
        using LogScan scan = client.OpenLogScan(cluster.Scan(new LogRange(cluster.Bucket(0), start, end)));
        Assert.False(scan.TryTake(out _, Token));
        Assert.Equal(0, cluster.Servers[0].ConnectionCount);
    }

    [Fact]
    public void Empty_batches_give_no_rows_but_move_the_offset_also_at_the_end()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(0).Append(2).Append(0).Append(0).Append(1).Append(0);
        using FlussClient client = new(cluster.Options);
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());
        Assert.Equal([1L, 2, 5], TakeAll(scan)[0]);
    }

    [Fact]
    public void A_bucket_of_empty_batches_only_ends_without_rows()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(0).Append(0);
        using FlussClient client = new(cluster.Options);
        LogScanOptions options = cluster.ScanAll();
        using LogScan scan = client.OpenLogScan(options);
        Assert.False(scan.TryTake(out _, Token));
        Assert.Equal(0, options.Memory.ReservedBytes);
    }

    [Fact]
    public void Earliest_starts_where_the_log_starts()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(3).Append(3).Append(3);
        cluster.Buckets[0].Batches.RemoveAt(0);
        cluster.Buckets[0].LogStart = 3;
        using FlussClient client = new(cluster.Options);
        using LogScan scan = client.OpenLogScan(cluster.Scan(new LogRange(cluster.Bucket(0), LogRange.Earliest, 8)));
        Assert.Equal(Offsets(3, 8), TakeAll(scan)[0]);
        Assert.Equal(-2, Fetches(cluster)[0].TablesReq[0].BucketsReq[0].FetchOffset);
    }

    [Fact]
    public void Earliest_ends_when_everything_below_the_end_has_expired()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(3);
        cluster.Buckets[0].Batches.Clear();
        cluster.Buckets[0].LogStart = 3;
        using FlussClient client = new(cluster.Options);
        LogScanOptions options = cluster.Scan(new LogRange(cluster.Bucket(0), LogRange.Earliest, 3));
        using LogScan scan = client.OpenLogScan(options);
        Assert.False(scan.TryTake(out _, Token));
        Assert.Equal(0, options.Memory.ReservedBytes);
    }

    [Fact]
    public void A_truncated_last_batch_comes_whole_with_the_next_answer()
    {
        using FakeCluster cluster = new();
        for (int i = 0; i < 10; i++)
        {
            cluster.Buckets[0].Append(1, payload: 400);
        }

        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 1024 });
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());
        Assert.Equal(Offsets(0, 10), TakeAll(scan)[0]);
        Assert.Equal([0L, 2, 4, 6, 8], Fetches(cluster).Select(fetch => fetch.TablesReq[0].BucketsReq[0].FetchOffset));
    }

    [Fact]
    public void An_answer_without_a_whole_batch_is_asked_for_again_with_more_room()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(4, payload: 5000);
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key == ApiKey.FetchLog)
            {
                int size = request.Read(FetchLogRequest.Parser).TablesReq[0].BucketsReq[0].MaxFetchBytes;
                byte[] all = cluster.Buckets[0].Batches[0].Bytes;
                connection.Answer(request, FakeCluster.FetchAnswer(42, 0, all[..Math.Min(size, all.Length)], 4));
                return true;
            }

            return false;
        };
        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 1024 });
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());
        Assert.Equal(Offsets(0, 4), TakeAll(scan)[0]);
        Assert.Equal([1024, 5048], Fetches(cluster).Select(fetch => fetch.MaxBytes));
    }

    [Fact]
    public void A_batch_that_no_answer_can_hold_is_an_error()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(1);
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key == ApiKey.FetchLog)
            {
                byte[] cut = cluster.Buckets[0].Batches[0].Bytes[..48];
                BinaryPrimitives.WriteInt32LittleEndian(cut.AsSpan(8), 1 << 30);
                connection.Answer(request, FakeCluster.FetchAnswer(42, 0, cut, 1));
                return true;
            }

            return false;
        };
        FlussException failure = Fails(cluster, new LogRange(cluster.Bucket(0), 0, 1));
        Assert.Equal(FlussErrorCode.RecordTooLarge, failure.Code);
        Assert.Contains("MaxResponseBytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_answer_is_not_the_end()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(2);
        int asked = 0;
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key == ApiKey.FetchLog && ++asked <= 3)
            {
                connection.Answer(request, FakeCluster.FetchAnswer(42, 0, null, 0));
                return true;
            }

            return false;
        };
        using FlussClient client = new(cluster.Options);
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());
        Assert.Equal(Offsets(0, 2), TakeAll(scan)[0]);
        Assert.Equal(4, asked);
    }

    [Fact]
    public void A_bucket_that_never_reaches_its_end_is_an_error_after_the_time_out()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(2);
        FlussException failure = Fails(cluster, new LogRange(cluster.Bucket(0), 0, 5), options => options with { RequestTimeout = TimeSpan.FromMilliseconds(300) });
        Assert.Equal(FlussErrorCode.RequestTimeout, failure.Code);
        Assert.Contains("no progress at offset 2 (the range ends at 5)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gap_between_batches_is_an_error_and_never_silent()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(2).Append(2).Append(2);
        cluster.Buckets[0].Batches.RemoveAt(1);
        FlussException failure = Fails(cluster, new LogRange(cluster.Bucket(0), 0, 6));
        Assert.Equal(FlussErrorCode.CorruptRecord, failure.Code);
        Assert.Contains("records are missing: after offset 2 the server sent a batch of the offsets 4 to 5", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_batch_behind_the_offset_asked_for_is_an_error()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(2).Append(2);
        cluster.Buckets[0].Batches.RemoveAt(0);
        Assert.Contains("records are missing", Fails(cluster, new LogRange(cluster.Bucket(0), 1, 4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Offsets_that_go_backwards_are_an_error()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(2).Append(2).Append(2);
        cluster.Buckets[0].Batches[1] = cluster.Buckets[0].Batches[1] with { Bytes = LogBatches.Batch(0, 2) };
        FlussException failure = Fails(cluster, new LogRange(cluster.Bucket(0), 0, 6));
        Assert.Equal(FlussErrorCode.CorruptRecord, failure.Code);
        Assert.Contains("offsets go backwards", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_bit_in_the_records_is_found_by_the_checksum()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(2).Append(2);
        cluster.Buckets[0].Batches[1].Bytes[60] ^= 1;
        FlussException failure = Fails(cluster, new LogRange(cluster.Bucket(0), 0, 4));
        Assert.Equal(FlussErrorCode.CorruptRecord, failure.Code);
        Assert.Contains("batch at offset 2 is damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_checksum_of_projected_batches_is_not_checked_and_the_columns_are_asked_for()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(2);
        cluster.Buckets[0].Batches[0].Bytes[60] ^= 1;
        using FlussClient client = new(cluster.Options);
        using LogScan scan = client.OpenLogScan(cluster.ScanAll() with { ProjectedColumns = [1] });
        Assert.True(scan.TryTake(out LogScanBatch? batch, Token));
        Assert.True(batch.IsProjected);
        batch.Dispose();
        PbFetchLogReqForTable table = Fetches(cluster)[0].TablesReq[0];
        Assert.True(table.ProjectionPushdownEnabled);
        Assert.Equal([1], table.ProjectedFields);
    }

    [Fact]
    public void Unknown_layouts_of_batches_are_an_error()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(2);
        cluster.Buckets[0].Batches[0].Bytes[12] = 7;
        Assert.Contains("magic 7", Fails(cluster, new LogRange(cluster.Bucket(0), 0, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_offset_that_the_log_no_longer_holds_is_an_error_that_names_the_earliest()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(3).Append(3);
        cluster.Buckets[0].LogStart = 3;
        FlussException failure = Fails(cluster, new LogRange(cluster.Bucket(0), 1, 6));
        Assert.Equal(FlussErrorCode.LogOffsetOutOfRange, failure.Code);
        Assert.Contains("the offset 1 is not in the log", failure.Message, StringComparison.Ordinal);
        Assert.Contains("earliest offset that can be read now is 3", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FlussErrorCode.InvalidColumnProjection)]
    [InlineData(FlussErrorCode.AuthorizationFailed)]
    [InlineData(FlussErrorCode.CorruptMessage)]
    [InlineData((FlussErrorCode)4711)]
    public void Errors_that_time_does_not_mend_end_the_scan_at_once(FlussErrorCode code)
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(1);
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key == ApiKey.FetchLog)
            {
                connection.Answer(request, FakeCluster.FetchAnswer(42, 0, null, null, code));
                return true;
            }

            return false;
        };
        Assert.Equal(code, Fails(cluster, new LogRange(cluster.Bucket(0), 0, 1)).Code);
        Assert.Single(Fetches(cluster));
    }

    [Theory]
    [InlineData(FlussErrorCode.NotLeaderOrFollower)]
    [InlineData(FlussErrorCode.UnknownTableOrBucket)]
    [InlineData(FlussErrorCode.LeaderNotAvailable)]
    [InlineData(FlussErrorCode.NetworkFailure)]
    [InlineData(FlussErrorCode.LogStorageFailure)]
    [InlineData(FlussErrorCode.FencedLeaderEpoch)]
    [InlineData(FlussErrorCode.StorageFailure)]
    [InlineData(FlussErrorCode.UnknownServerError)]
    public void Passing_errors_refresh_the_leaders_and_the_same_offset_is_asked_for_again(FlussErrorCode code)
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(2).Append(2);
        int asked = 0;
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key == ApiKey.FetchLog && ++asked == 2)
            {
                connection.Answer(request, FakeCluster.FetchAnswer(42, 0, null, null, code));
                return true;
            }

            return false;
        };
        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 1024 });
        cluster.Buckets[0].Append(1, payload: 2000).Append(1, payload: 2000);
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());
        Assert.Equal(Offsets(0, 6), TakeAll(scan)[0]);
        Assert.Equal([0L, 4, 4, 5], Fetches(cluster).Select(fetch => fetch.TablesReq[0].BucketsReq[0].FetchOffset));
        Assert.Equal(2, cluster.Servers[0].Count(ApiKey.Metadata));
    }

    [Fact]
    public void A_bucket_that_moves_during_the_scan_is_read_on_from_its_new_leader()
    {
        using FakeCluster cluster = new(servers: 2);
        for (int i = 0; i < 6; i++)
        {
            cluster.Buckets[0].Append(1, payload: 900);
        }

        cluster.Intercept = (_, _, request) =>
        {
            if (request.Key == ApiKey.FetchLog && request.Read(FetchLogRequest.Parser).TablesReq[0].BucketsReq[0].FetchOffset == 3)
            {
                cluster.Buckets[0].Leader = 1;
            }

            return false;
        };
        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 1024 });
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());
        Assert.Equal(Offsets(0, 6), TakeAll(scan)[0]);
        Assert.True(cluster.Servers[1].Count(ApiKey.FetchLog) >= 3);
    }

    [Fact]
    public void A_connection_that_breaks_during_the_scan_is_replaced_without_loss()
    {
        using FakeCluster cluster = new();
        for (int i = 0; i < 6; i++)
        {
            cluster.Buckets[0].Append(1, payload: 900);
        }

        int asked = 0;
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key == ApiKey.FetchLog && ++asked is 2 or 4)
            {
                connection.SendRaw(0, 0, 4, 0, 0);
                connection.Close();
                return true;
            }

            return false;
        };
        using FlussClient client = new(cluster.Options with { MaxFetchBytes = 1024 });
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());
        Assert.Equal(Offsets(0, 6), TakeAll(scan)[0]);
    }

    [Fact]
    public void A_server_that_falls_silent_during_a_scan_is_an_error_after_the_time_out()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(1);
        cluster.Intercept = (_, _, request) => request.Key == ApiKey.FetchLog;
        FlussException failure = Fails(cluster, new LogRange(cluster.Bucket(0), 0, 1), options => options with { RequestTimeout = TimeSpan.FromMilliseconds(300) });
        Assert.Equal(FlussErrorCode.RequestTimeout, failure.Code);
        Assert.Contains("no progress at offset 0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Disposing_the_client_ends_its_scans()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(1);
        cluster.Intercept = (_, _, request) => request.Key == ApiKey.FetchLog;
        FlussClient client = new(cluster.Options);
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());
        Thread disposer = new(() =>
        {
            cluster.Servers[0].WaitFor(requests => requests.Any(request => request.Key == ApiKey.FetchLog));
            client.Dispose();
        });
        disposer.Start();
        Assert.Contains("disposed", Assert.Throws<FlussException>(() => scan.TryTake(out _, Token)).Message, StringComparison.Ordinal);
        disposer.Join();
    }

    [Fact]
    public void A_server_of_another_kind_behind_the_leaders_address_is_stale_metadata()
    {
        using FakeCluster cluster = new(servers: 2);
        cluster.Buckets[0].Append(2);
        cluster.Servers[0].ServerType = 1;
        int asked = 0;
        cluster.Intercept = (_, _, request) =>
        {
            if (request.Key == ApiKey.Metadata && ++asked == 2)
            {
                cluster.Buckets[0].Leader = 1;
            }

            return false;
        };
        using FlussClient client = new(cluster.Options);
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());
        Assert.Equal(Offsets(0, 2), TakeAll(scan)[0]);
        Assert.Equal(0, cluster.Servers[0].Count(ApiKey.FetchLog));
    }

    [Fact]
    public void Log_in_remote_storage_is_an_error_that_says_so()
    {
        using FakeCluster cluster = new();
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key == ApiKey.FetchLog)
            {
                PbRemoteLogFetchInfo info = new() { RemoteLogTabletDir = "file:///r", RemoteLogSegments = { new PbRemoteLogSegment { RemoteLogSegmentId = "a", RemoteLogStartOffset = 0, RemoteLogEndOffset = 9, SegmentSizeInBytes = 1 } } };
                connection.Answer(request, FakeCluster.FetchAnswer(42, 0, null, 20, remote: info));
                return true;
            }

            return false;
        };
        FlussException failure = Fails(cluster, new LogRange(cluster.Bucket(0), 5, 20));
        Assert.Equal(FlussErrorCode.UnsupportedVersion, failure.Code);
        Assert.Contains("offset 5 lies in remote storage", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_that_are_no_answers_end_the_scan()
    {
        using FakeCluster cluster = new();
        byte[] body = FakeCluster.FetchAnswer(42, 1, null, 5);
        cluster.Intercept = (_, connection, request) =>
        {
            if (request.Key == ApiKey.FetchLog)
            {
                connection.Answer(request, body);
                return true;
            }

            return false;
        };
        Assert.Contains("without naming the bucket", Fails(cluster, new LogRange(cluster.Bucket(0), 0, 5)).Message, StringComparison.Ordinal);
        body = [0x0A, 0xFF, 0xFF, 0xFF, 0x7F];
        Assert.Equal(FlussErrorCode.CorruptMessage, Fails(cluster, new LogRange(cluster.Bucket(0), 0, 5)).Code);
    }

    [Fact]
    public void Every_request_waits_at_the_server_so_that_an_idle_scan_does_not_spin()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(1);
        using FlussClient client = new(cluster.Options with { MaxFetchWait = TimeSpan.FromMilliseconds(123) });
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());
        TakeAll(scan);
        FetchLogRequest fetch = Assert.Single(Fetches(cluster));
        Assert.Equal((1, 123, -1), (fetch.MinBytes, fetch.MaxWaitMs, fetch.FollowerServerId));
    }

    [Fact]
    public void Invalid_ranges_and_projections_are_refused()
    {
        using FakeCluster cluster = new();
        using FlussClient client = new(cluster.Options);
        LogRange range = new(cluster.Bucket(0), 0, 1);
        Assert.Throws<ArgumentException>(() => client.OpenLogScan(cluster.Scan(range, range)));
        Assert.Throws<ArgumentException>(() => client.OpenLogScan(cluster.Scan(range with { Start = -1 })));
        Assert.Throws<ArgumentException>(() => client.OpenLogScan(cluster.Scan(new LogRange(new TableBucket(1, null, 0), 0, 1))));
        foreach (int[] columns in new int[][] { [], [1, 0], [0, 0], [2], [-1] })
        {
            Assert.Throws<ArgumentException>(() => client.OpenLogScan(cluster.Scan(range) with { ProjectedColumns = columns }));
        }
    }

    [Theory]
    [InlineData("INDEXED")]
    [InlineData("compacted")]
    public void Columns_of_a_log_of_rows_are_not_asked_for(string format)
    {
        using FakeCluster cluster = new();
        using FlussClient client = new(cluster.Options);
        LogScanOptions options = cluster.ScanAll();
        options = options with { Table = options.Table with { Properties = new Dictionary<string, string> { ["table.log.format"] = format } }, ProjectedColumns = [1] };
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => client.OpenLogScan(options));
        Assert.Contains("table.log.format", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_a_take_leaves_the_scan_usable()
    {
        using FakeCluster cluster = new();
        cluster.Buckets[0].Append(1);
        using ManualResetEventSlim answer = new();
        cluster.Intercept = (_, _, request) =>
        {
            if (request.Key == ApiKey.FetchLog)
            {
                answer.Wait(Token);
            }

            return false;
        };
        using FlussClient client = new(cluster.Options);
        using LogScan scan = client.OpenLogScan(cluster.ScanAll());
        using CancellationTokenSource cancellation = new();
        Thread canceller = new(() =>
        {
            cluster.Servers[0].WaitFor(requests => requests.Any(request => request.Key == ApiKey.FetchLog));
            cancellation.Cancel();
        });
        canceller.Start();
        Assert.ThrowsAny<OperationCanceledException>(() => scan.TryTake(out _, cancellation.Token));
        canceller.Join();
        answer.Set();
        Assert.Equal([0L], TakeAll(scan)[0]);
    }
}
