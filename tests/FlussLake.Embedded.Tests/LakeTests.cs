using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Tests.Servers;

namespace FlussLake.Embedded.Tests;

public sealed class LakeTests
{
    [Fact]
    public async Task Offsets_of_snapshots_are_merged_and_survive_a_restart()
    {
        using TempFolder folder = new();
        EmbeddedFlussOptions options = new() { DataDirectory = folder.Path };
        await using (EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken))
        {
            TableInfo table = fluss.CreateOrders(buckets: 3);
            using Wire wire = new(fluss.BootstrapServers);
            Assert.Equal(FlussErrorCode.LakeSnapshotNotExist, Assert.Throws<FlussException>(() => Snapshot(wire)).Code);
            string first = Prepare(wire, table, (0, 10), (2, 30));
            Assert.StartsWith(Path.Combine(folder.Path, "remote", "lake", "shop", $"orders-{table.TableId}", "metadata"), first, StringComparison.Ordinal);
            Assert.Equal($$"""{"version":1,"table_id":{{table.TableId}},"bucket_offsets":[10,-1,30]}""", await File.ReadAllTextAsync(first, TestContext.Current.CancellationToken));
            Commit(wire, table, 1, first, first);
            string second = Prepare(wire, table, (1, 20), (2, 35));
            Commit(wire, table, 2, second, null, earliestToKeep: -1);
            Assert.Equal("2: 0=10 1=20 2=35", Snapshot(wire));
            Assert.Equal("1: 0=10 2=30", Snapshot(wire, readable: true));
            Assert.Equal("1: 0=10 2=30", Snapshot(wire, id: 1));
            Assert.Equal(FlussErrorCode.LakeSnapshotNotExist, Assert.Throws<FlussException>(() => Snapshot(wire, id: 3)).Code);
            Assert.Equal(FlussErrorCode.UnknownServerError, Assert.Throws<FlussException>(() => Snapshot(wire, id: 1, readable: true)).Code);
        }

        await using (EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken))
        {
            using Wire wire = new(fluss.BootstrapServers);
            Assert.Equal("2: 0=10 1=20 2=35", Snapshot(wire));
            Assert.Equal("1: 0=10 2=30", Snapshot(wire, readable: true));
            Assert.Single(Directory.GetDirectories(Path.Combine(folder.Path, "remote", "lake", "shop")));
            using FlussClient client = fluss.Client();
            LakeSnapshot? readable = await client.GetLakeSnapshotAsync(Shop.Orders, LakeSnapshotSpec.Readable, TestContext.Current.CancellationToken);
            Assert.Equal(1, readable!.SnapshotId);
            wire.Call(ApiKey.DropTable, new DropTableRequest { TablePath = Shop.Orders.ToMessage(), IgnoreIfNotExists = false }, DropTableResponse.Parser);
        }

        await using (await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken))
        {
            Assert.Empty(Directory.GetDirectories(Path.Combine(folder.Path, "remote", "lake", "shop")));
        }
    }

    [Fact]
    public async Task Old_snapshots_go_with_their_files_unless_they_are_to_stay()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire wire = new(fluss.BootstrapServers);
        string[] files = [.. Enumerable.Range(1, 4).Select(offset => Prepare(wire, table, (0, offset)))];
        Commit(wire, table, 1, files[0], files[0], earliestToKeep: -1);
        Commit(wire, table, 2, files[1], files[1], earliestToKeep: -1);
        Commit(wire, table, 3, files[2], files[2], earliestToKeep: 2);
        Assert.Equal(FlussErrorCode.LakeSnapshotNotExist, Assert.Throws<FlussException>(() => Snapshot(wire, id: 1)).Code);
        Assert.Equal("2: 0=2", Snapshot(wire, id: 2));
        Assert.Equal([false, true, true], files.Take(3).Select(File.Exists));
        Commit(wire, table, 4, files[3], files[3]);
        Assert.Equal([false, false, false, true], files.Select(File.Exists));
        Assert.Equal("4: 0=4", Snapshot(wire, readable: true));
    }

    [Fact]
    public async Task Files_that_the_server_did_not_write_are_not_read_and_unknown_tables_are_refused()
    {
        using TempFolder folder = new();
        string foreign = Path.Combine(folder.Path, "foreign.offsets");
        await File.WriteAllTextAsync(foreign, """{"version":1,"table_id":0,"bucket_offsets":[1]}""", TestContext.Current.CancellationToken);
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire wire = new(fluss.BootstrapServers);
        wire.CreateTable(new TablePath("shop", "others"), Shop.Descriptor());
        string others = Prepare(wire, wire.GetTable(new TablePath("shop", "others")), ignorePrevious: true, (0, 9));
        string own = Prepare(wire, table, ignorePrevious: true, (0, 4));
        string escaping = Path.Combine(Path.GetDirectoryName(own)!, Path.GetRelativePath(Path.GetDirectoryName(own)!, foreign));
        foreach (string file in (string[])[foreign, escaping, "file://" + foreign, "file://[", "a\0b", "", others, Path.Combine(Path.GetDirectoryName(own)!, "missing.offsets")])
        {
            FlussException refused = Assert.Throws<FlussException>(() => Commit(wire, table, 1, file, file));
            Assert.Equal(FlussErrorCode.StorageFailure, refused.Code);
            Assert.Contains(file, refused.Message, StringComparison.Ordinal);
            Assert.Equal(FlussErrorCode.StorageFailure, Assert.Throws<FlussException>(() => Commit(wire, table, 1, own, file)).Code);
        }

        Assert.Equal(FlussErrorCode.LakeSnapshotNotExist, Assert.Throws<FlussException>(() => Snapshot(wire)).Code);
        Commit(wire, table, 1, new Uri(own).AbsoluteUri, null);
        Assert.Equal("1: 0=4", Snapshot(wire));
        Commit(wire, table, 2, Prepare(wire, table, ignorePrevious: true, (0, 5)), null);
        Assert.True(File.Exists(foreign) && File.Exists(others));
        Assert.False(File.Exists(own));
        Assert.Equal("2: 0=5", Snapshot(wire));
        Assert.Equal(FlussErrorCode.TableNotExist, Assert.Throws<FlussException>(() => Commit(wire, table with { TableId = 99 }, 1, foreign, null)).Code);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(-1, null)]
    [InlineData(127_999, null)]
    [InlineData(0, 5L)]
    public async Task Offsets_of_buckets_that_a_table_does_not_have_are_refused(int bucket, long? partition)
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        PbBucketOffset offset = new() { BucketId = bucket, LogEndOffset = 1 };
        if (partition is { } id)
        {
            offset.PartitionId = id;
        }

        PbTableOffsets offsets = new() { TableId = table.TableId, TablePath = Shop.Orders.ToMessage(), BucketOffsets = { offset } };
        using Wire wire = new(fluss.BootstrapServers);
        PbPrepareLakeTableRespForTable answer = wire.Call(
            ApiKey.PrepareLakeTableSnapshot, new PrepareLakeTableSnapshotRequest { BucketOffsets = { offsets } }, PrepareLakeTableSnapshotResponse.Parser).PrepareLakeTableResp.Single();
        Assert.Equal((int)FlussErrorCode.UnknownTableOrBucket, answer.ErrorCode);
        Assert.Contains("Table shop.orders has no bucket", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registration_that_names_no_file_is_refused_and_not_taken_for_done()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        TableInfo table = fluss.CreateOrders();
        using Wire wire = new(fluss.BootstrapServers);
        CommitLakeTableSnapshotRequest request = new() { TablesReq = { new PbLakeTableSnapshotInfo { TableId = table.TableId, SnapshotId = 1 } } };
        Assert.Equal(FlussErrorCode.UnsupportedVersion, Assert.Throws<FlussException>(() => wire.Call(ApiKey.CommitLakeTableSnapshot, request, CommitLakeTableSnapshotResponse.Parser)).Code);
    }

    private static string Prepare(Wire wire, TableInfo table, params (int Bucket, long End)[] ends) => Prepare(wire, table, ignorePrevious: false, ends);

    private static string Prepare(Wire wire, TableInfo table, bool ignorePrevious, params (int Bucket, long End)[] ends)
    {
        PbTableOffsets offsets = new() { TableId = table.TableId, TablePath = table.Path.ToMessage() };
        offsets.BucketOffsets.AddRange(ends.Select(end => new PbBucketOffset { BucketId = end.Bucket, LogEndOffset = end.End }));
        PrepareLakeTableSnapshotRequest request = new() { BucketOffsets = { offsets }, IgnorePreviousTableOffsets = ignorePrevious };
        return wire.Call(ApiKey.PrepareLakeTableSnapshot, request, PrepareLakeTableSnapshotResponse.Parser).PrepareLakeTableResp.Single().LakeTableOffsetsPath;
    }

    private static void Commit(Wire wire, TableInfo table, long snapshot, string tiered, string? readable, long? earliestToKeep = null)
    {
        PbLakeTableSnapshotMetadata metadata = new() { TableId = table.TableId, SnapshotId = snapshot, TieredBucketOffsetsFilePath = tiered };
        if (readable is not null)
        {
            metadata.ReadableBucketOffsetsFilePath = readable;
        }

        if (earliestToKeep is { } earliest)
        {
            metadata.EarliestSnapshotIdToKeep = earliest;
        }

        PbCommitLakeTableSnapshotRespForTable answer = wire.Call(
            ApiKey.CommitLakeTableSnapshot, new CommitLakeTableSnapshotRequest { LakeTableSnapshotMetadata = { metadata } }, CommitLakeTableSnapshotResponse.Parser).TableResp.Single();
        if (answer.HasErrorCode)
        {
            throw new FlussException(answer.ErrorMessage, (FlussErrorCode)answer.ErrorCode);
        }
    }

    private static string Snapshot(Wire wire, long? id = null, bool readable = false)
    {
        GetLakeSnapshotRequest request = new() { TablePath = Shop.Orders.ToMessage() };
        if (id is { } wanted)
        {
            request.SnapshotId = wanted;
        }

        if (readable)
        {
            request.Readable = true;
        }

        GetLakeSnapshotResponse answer = wire.Call(ApiKey.GetLakeSnapshot, request, GetLakeSnapshotResponse.Parser);
        return $"{answer.SnapshotId}: {string.Join(' ', answer.BucketSnapshots.OrderBy(bucket => bucket.BucketId).Select(bucket => $"{bucket.BucketId}={bucket.LogOffset}"))}";
    }
}
