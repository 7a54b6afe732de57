using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests;

/// <content>Changing and writing with user and password.</content>
public sealed partial class SaslTests
{
    [Fact]
    public async Task The_right_password_creates_a_table_and_appends()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        LabTable table = LabTable.Unique("written");
        TablePath path = AppendTests.PathOf(table);
        using FlussClient client = Connect(SaslCluster.RootUser, SaslCluster.RootPassword);
        await client.CreateTableAsync(path, Describe(table), cancellationToken: token);
        await using (AppendWriter writer = await client.OpenAppendWriterAsync(path, cancellationToken: token))
        {
            await writer.AppendAsync([1, "one", 1.5m], token);
            await writer.AppendAsync([2, null, null], token);
        }

        RowSet.AssertEqual(["1 | \"one\" | 1.50", "2 | NULL | NULL"], Dump(table));
    }

    [Fact]
    public async Task Who_may_do_nothing_can_neither_change_nor_append()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        LabTable table = CreateLog();
        using FlussClient guest = Connect("guest", "guest-secret");
        FlussException database = await Assert.ThrowsAsync<FlussException>(() => guest.CreateDatabaseAsync("theirs", cancellationToken: token));
        Assert.Equal(FlussErrorCode.AuthorizationFailed, database.Code);
        FlussException create = await Assert.ThrowsAsync<FlussException>(
            () => guest.CreateTableAsync(new TablePath("shop", "theirs"), Describe(table), cancellationToken: token));
        Assert.Equal(FlussErrorCode.AuthorizationFailed, create.Code);
        FlussException open = await Assert.ThrowsAsync<FlussException>(() => guest.OpenAppendWriterAsync(AppendTests.PathOf(table), cancellationToken: token));
        Assert.Equal(FlussErrorCode.AuthorizationFailed, open.Code);
    }

    private static TableDescriptor Describe(LabTable table) => new() { Columns = [.. table.Columns.Select((column, i) => new FlussColumn(column.Name, column.Type, i))] };

    private FlussClient Connect(string user, string password) =>
        new(new FlussClientOptions { BootstrapServers = [Cluster.Servers], UserId = user, Password = password });
}
