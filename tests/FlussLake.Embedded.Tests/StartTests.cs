using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Tests.Servers;

namespace FlussLake.Embedded.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task A_new_server_has_the_default_database_and_one_tablet_server()
    {
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        using Wire wire = new(fluss.BootstrapServers);
        Assert.Equal(["fluss"], wire.Call(ApiKey.ListDatabases, new ListDatabasesRequest(), ListDatabasesResponse.Parser).DatabaseName);
        MetadataResponse servers = wire.Call(ApiKey.Metadata, new MetadataRequest(), MetadataResponse.Parser);
        Assert.Equal(fluss.BootstrapServers, $"{servers.CoordinatorServer.Host}:{servers.CoordinatorServer.Port}");
        Assert.Equal(0, Assert.Single(servers.TabletServers).NodeId);
        Assert.Null(fluss.DataDirectory);
    }

    [Fact]
    public async Task Stopped_and_started_again_nothing_is_lost_and_the_ports_are_the_same()
    {
        using TempFolder folder = new();
        EmbeddedFlussOptions options = new() { DataDirectory = folder.Path, TabletServers = 2 };
        TableInfo before;
        string address;
        await using (EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken))
        {
            address = fluss.BootstrapServers;
            before = fluss.CreateOrders(buckets: 2);
            for (int bucket = 0; bucket < 2; bucket++)
            {
                using Wire tablet = Wire.ToTablet(fluss, fluss.Logs.Get(new TableBucket(before.TableId, null, bucket)).Leader!.Value);
                Assert.Equal(0, tablet.Append(before, Batches.Of(bucket * 100, 3, writerId: 7, sequence: 0), bucket));
                Assert.Equal(3, tablet.Append(before, Batches.Of((bucket * 100) + 3, 2, writerId: 7, sequence: 1), bucket));
            }
        }

        await using (EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken))
        {
            Assert.Equal(address, fluss.BootstrapServers);
            using FlussClient client = fluss.Client();
            TableInfo after = await client.GetTableInfoAsync(Shop.Orders, TestContext.Current.CancellationToken);
            Assert.Equal((before.TableId, before.CreatedTime, before.BucketCount), (after.TableId, after.CreatedTime, after.BucketCount));
            Assert.Equal([0, 1, 2, 3, 4, 100, 101, 102, 103, 104], client.ReadIds(Shop.Orders).Order());

            // What writers had sent is known too: a repeat is not appended again, and the next batch is.
            using Wire tablet = Wire.ToTablet(fluss, fluss.Logs.Get(new TableBucket(before.TableId, null, 0)).Leader!.Value);
            Assert.Equal(3, tablet.Append(after, Batches.Of(3, 2, writerId: 7, sequence: 1)));
            Assert.Equal(5, tablet.Append(after, Batches.Of(5, 1, writerId: 7, sequence: 2)));
        }
    }

    [Fact]
    public async Task A_second_server_on_the_same_directory_is_refused_until_the_first_one_stops()
    {
        using TempFolder folder = new();
        EmbeddedFlussOptions options = new() { DataDirectory = folder.Path };
        EmbeddedFluss first = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken);
        await using (first)
        {
            EmbeddedFlussException refused = await Assert.ThrowsAsync<EmbeddedFlussException>(() => EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken));
            Assert.Contains(folder.Path, refused.Message, StringComparison.Ordinal);
        }

        await using EmbeddedFluss second = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken);
        Assert.Equal(first.BootstrapServers, second.BootstrapServers);
    }

    [Fact]
    public async Task A_state_that_is_damaged_newer_or_no_state_is_a_clear_error()
    {
        using TempFolder folder = new();
        EmbeddedFlussOptions options = new() { DataDirectory = folder.Path };
        string file = Path.Combine(folder.Path, "fluss.db");
        await using (await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken))
        {
        }

        StateFile.Change(folder.Path, "PRAGMA user_version = 2");
        Assert.Contains("version 2", (await StartFails(options)).Message, StringComparison.Ordinal);
        StateFile.Change(folder.Path, "PRAGMA user_version = 1; PRAGMA application_id = 5");
        Assert.Contains("not the state", (await StartFails(options)).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, new string('x', 70_000), TestContext.Current.CancellationToken);
        Assert.Contains(file, (await StartFails(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_with_a_missing_batch_is_a_clear_error()
    {
        using TempFolder folder = new();
        EmbeddedFlussOptions options = new() { DataDirectory = folder.Path };
        await using (EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken))
        {
            TableInfo table = fluss.CreateOrders();
            using Wire tablet = Wire.ToTablet(fluss);
            for (int i = 0; i < 3; i++)
            {
                tablet.Append(table, Batches.Of(i, 1));
            }
        }

        StateFile.Change(folder.Path, "DELETE FROM batches WHERE base_offset = 1");
        Assert.Contains("offset 2 where 1 must follow", (await StartFails(options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM schemas WHERE schema_id = 1", "schema of table shop.orders")]
    [InlineData("UPDATE tables SET json = CAST('{' AS BLOB)", "fluss.db")]
    [InlineData("UPDATE buckets SET bucket = 99999999999", "fluss.db")]
    [InlineData("DROP TABLE ports", "ports")]
    public async Task A_catalog_that_is_damaged_is_a_clear_error(string damage, string named)
    {
        using TempFolder folder = new();
        EmbeddedFlussOptions options = new() { DataDirectory = folder.Path };
        await using (EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken))
        {
            fluss.CreateOrders();
        }

        StateFile.Change(folder.Path, damage);
        EmbeddedFlussException refused = await StartFails(options);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Restore it from a copy", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_a_clear_error_and_leaves_the_directory_free()
    {
        using TempFolder folder = new();
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        EmbeddedFlussException refused = await StartFails(new EmbeddedFlussOptions { DataDirectory = folder.Path, Port = port });
        Assert.Contains($"Port {port}", refused.Message, StringComparison.Ordinal);
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { DataDirectory = folder.Path }, TestContext.Current.CancellationToken);
        Assert.NotEqual($"127.0.0.1:{port}", fluss.BootstrapServers);
    }

    [Fact]
    public async Task A_state_that_cannot_be_written_is_a_clear_error()
    {
        using TempFolder folder = new();
        EmbeddedFlussOptions options = new() { DataDirectory = folder.Path };
        await using (await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken))
        {
        }

        StateFile.Change(folder.Path, "CREATE TRIGGER full BEFORE UPDATE ON ports BEGIN SELECT RAISE(ABORT, 'scripted'); END");
        EmbeddedFlussException refused = await StartFails(options);
        Assert.Contains(folder.Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("scripted", refused.Message, StringComparison.Ordinal);
        StateFile.Change(folder.Path, "DROP TRIGGER full");
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(options, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_warehouse_that_is_no_path_is_refused_and_leaves_the_directory_free()
    {
        using TempFolder folder = new();
        await Assert.ThrowsAsync<ArgumentException>(() => EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { DataDirectory = folder.Path, LakeWarehouse = "a\0b" }, TestContext.Current.CancellationToken));
        await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { DataDirectory = folder.Path }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Servers_side_by_side_know_nothing_of_each_other()
    {
        await using EmbeddedFluss one = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        await using EmbeddedFluss other = await EmbeddedFluss.StartAsync(ct: TestContext.Current.CancellationToken);
        one.CreateOrders();
        using Wire wire = new(other.BootstrapServers);
        Assert.Equal(FlussErrorCode.TableNotExist, Assert.Throws<FlussException>(() => wire.GetTable(Shop.Orders)).Code);
        Assert.NotEqual(one.LakeWarehouse, other.LakeWarehouse);
    }

    [Fact]
    public async Task Fifty_starts_and_stops_leave_no_thread_file_or_folder_behind()
    {
        using TempFolder folder = new();
        List<string> temporary = [];
        await StartAndStop(folder.Path, temporary);
        int handles = OpenFiles();
        int threads = Threads();
        for (int i = 0; i < 50; i++)
        {
            await StartAndStop(i % 2 == 0 ? folder.Path : null, temporary);
        }

        Assert.All(temporary, path => Assert.False(Directory.Exists(path)));

        // Other tests of this process come and go, and so do a few of their threads and files.
        Assert.InRange(OpenFiles(), 0, handles + 40);
        Assert.InRange(Threads(), 0, threads + 40);
    }

    [Fact]
    public async Task Options_out_of_their_range_are_refused_by_name_and_passwords_are_not_shown()
    {
        Assert.Contains("Port", (await Assert.ThrowsAsync<ArgumentException>(() => EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { Port = 70_000 }, TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
        Assert.Contains("TabletServers", (await Assert.ThrowsAsync<ArgumentException>(() => EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { TabletServers = 0 }, TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", new EmbeddedFlussOptions { Users = new Dictionary<string, string> { ["ada"] = "hidden" } }.ToString(), StringComparison.Ordinal);
    }

    private static async Task StartAndStop(string? directory, List<string> temporary)
    {
        EmbeddedFluss fluss = await EmbeddedFluss.StartAsync(new EmbeddedFlussOptions { DataDirectory = directory });
        using Wire wire = new(fluss.BootstrapServers);
        wire.CreateDatabase();
        if (directory is null)
        {
            temporary.Add(Path.GetDirectoryName(fluss.LakeWarehouse)!);
        }

        await fluss.DisposeAsync();
        await fluss.DisposeAsync();
        Assert.Null(wire.Receive());
    }

    private static Task<EmbeddedFlussException> StartFails(EmbeddedFlussOptions options) => Assert.ThrowsAsync<EmbeddedFlussException>(() => EmbeddedFluss.StartAsync(options));

    private static int OpenFiles() => OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : 0;

    private static int Threads()
    {
        using Process process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }
}
