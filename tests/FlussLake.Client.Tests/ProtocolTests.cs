using FlussLake.Client.Protocol;
using FlussLake.Client.Tests.Servers;

using Google.Protobuf;

namespace FlussLake.Client.Tests;

public sealed class ProtocolTests
{
    [Fact]
    public void A_request_has_the_bytes_of_the_protocol()
    {
        byte[] frame = FrameFormat.Serialize(new ListTablesRequest { DatabaseName = "shop" });
        FrameFormat.WriteRequestHeader(frame, ApiKey.ListTables, 0, 7);
        Assert.Equal("0000000E03F00000000000070A0473686F70", Convert.ToHexString(frame));
    }

    [Fact]
    public void Required_fields_are_on_the_wire_even_when_they_hold_defaults()
    {
        PbFetchLogReqForTable table = new() { TableId = 0, ProjectionPushdownEnabled = false, BucketsReq = { new PbFetchLogReqForBucket { BucketId = 0, FetchOffset = 0, MaxFetchBytes = 0 } } };
        FetchLogRequest request = new() { FollowerServerId = -1, MaxBytes = 0, TablesReq = { table } };
        Assert.Equal("08FFFFFFFFFFFFFFFFFF0110001A0C08001000" + "2206100018002000", Convert.ToHexString(request.ToByteArray()));
    }

    [Fact]
    public void Projected_fields_are_packed()
    {
        PbFetchLogReqForTable table = new() { TableId = 1, ProjectionPushdownEnabled = true, ProjectedFields = { 0, 2, 300 } };
        Assert.Equal("080110011A040002AC02", Convert.ToHexString(table.ToByteArray()));
    }

    [Fact]
    public void The_smaller_maximum_is_used_and_unknown_keys_do_no_harm()
    {
        ApiVersionsResponse response = new()
        {
            ApiVersions =
            {
                new PbApiVersion { ApiKey = (int)ApiKey.FetchLog, MinVersion = 0, MaxVersion = 3 },
                new PbApiVersion { ApiKey = (int)ApiKey.Metadata, MinVersion = 1, MaxVersion = 2 },
                new PbApiVersion { ApiKey = 4711, MinVersion = 0, MaxVersion = 0 },
            },
        };
        ApiVersionTable table = new(response);
        Assert.True(table.TryNegotiate(ApiKey.FetchLog, out short version));
        Assert.Equal(0, version);
        Assert.False(table.TryNegotiate(ApiKey.Metadata, out _));
        Assert.False(table.TryNegotiate(ApiKey.ListTables, out _));
    }

    [Fact]
    public void Records_are_found_in_place_and_unknown_fields_are_skipped()
    {
        byte[] body = FakeCluster.FetchAnswer(42, 3, [1, 2, 3, 4], 99);
        Assert.True(FetchLogResponseReader.TryFind(body, new TableBucket(42, null, 3), out FetchLogBucketAnswer answer));
        Assert.Equal([1, 2, 3, 4], body[answer.Records]);
        Assert.Equal(99, answer.HighWatermark);
        Assert.Equal(0, answer.ErrorCode);
        Assert.Null(answer.RemoteLog);
    }

    [Theory]
    [InlineData(43, null, 3)]
    [InlineData(42, null, 2)]
    [InlineData(42, 0L, 3)]
    public void Another_bucket_is_not_mistaken_for_the_one_asked_for(long table, long? partition, int bucket)
    {
        byte[] body = FakeCluster.FetchAnswer(42, 3, [1, 2, 3, 4]);
        Assert.False(FetchLogResponseReader.TryFind(body, new TableBucket(table, partition, bucket), out _));
    }

    [Fact]
    public void Errors_and_remote_segments_of_a_bucket_are_read()
    {
        byte[] refused = FakeCluster.FetchAnswer(42, 0, null, null, FlussErrorCode.LeaderNotAvailable);
        Assert.True(FetchLogResponseReader.TryFind(refused, new TableBucket(42, null, 0), out FetchLogBucketAnswer answer));
        Assert.Equal((44, "scripted"), (answer.ErrorCode, answer.ErrorMessage));

        PbRemoteLogFetchInfo info = new()
        {
            RemoteLogTabletDir = "file:///remote/log/0",
            RemoteLogSegments = { new PbRemoteLogSegment { RemoteLogSegmentId = "a", RemoteLogStartOffset = 5, RemoteLogEndOffset = 9, SegmentSizeInBytes = 100 } },
            FirstStartPos = 48,
        };
        byte[] remote = FakeCluster.FetchAnswer(42, 0, null, 20, remote: info);
        Assert.True(FetchLogResponseReader.TryFind(remote, new TableBucket(42, null, 0), out answer));
        Assert.Equal(info, answer.RemoteLog);
    }

    [Fact]
    public void Remote_segments_without_a_required_field_are_refused()
    {
        byte[] remote = FakeCluster.FetchAnswer(42, 0, null, 20, remote: new PbRemoteLogFetchInfo { FirstStartPos = 48 });
        FormatException failure = Assert.Throws<FormatException>(() => FetchLogResponseReader.TryFind(remote, new TableBucket(42, null, 0), out _));
        Assert.Equal("A required field of PbRemoteLogFetchInfo is missing.", failure.Message);
    }

    [Theory]
    [InlineData("0AFFFFFFFF7F")]
    [InlineData("0A05082A12")]
    [InlineData("0AFFFFFFFFFFFFFFFFFFFF01")]
    [InlineData("0A0612FFFFFFFF0F00")]
    [InlineData("FF")]
    [InlineData("00")]
    [InlineData("0B0B0B0B")]
    public void Hostile_lengths_and_tags_are_refused(string hex) =>
        Assert.ThrowsAny<FormatException>(() => FetchLogResponseReader.TryFind(Convert.FromHexString(hex), new TableBucket(42, null, 0), out _));

    [Fact]
    public void No_prefix_and_no_flipped_byte_of_an_answer_does_more_than_fail()
    {
        byte[] body = FakeCluster.FetchAnswer(42, 3, LogBatches.Batch(0, 5), 99);
        TableBucket bucket = new(42, null, 3);
        for (int i = 0; i < body.Length; i++)
        {
            TryRead(body.AsSpan(0, i), bucket);
            byte[] flipped = [.. body];
            flipped[i] ^= 0xFF;
            TryRead(flipped, bucket);
        }

        static void TryRead(ReadOnlySpan<byte> bytes, TableBucket bucket)
        {
            try
            {
                if (FetchLogResponseReader.TryFind(bytes, bucket, out FetchLogBucketAnswer answer))
                {
                    _ = bytes[answer.Records];
                }
            }
            catch (FormatException)
            {
                // The only failure there may be.
            }
        }
    }
}
