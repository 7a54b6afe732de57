using FlussLake.Data.Clients;

namespace FlussLake.Data.Tests;

public sealed class ClientPoolTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromHours(1);

    [Fact]
    public void Equal_servers_and_users_share_a_client_and_others_do_not()
    {
        using ClientLease first = ClientPool.Lease(new ClientKey(["pool:1"], "alice", "secret"), s_long);
        using ClientLease same = ClientPool.Lease(new ClientKey(["pool:1"], "alice", "secret"), s_long);
        using ClientLease otherPassword = ClientPool.Lease(new ClientKey(["pool:1"], "alice", "other"), s_long);
        using ClientLease nobody = ClientPool.Lease(new ClientKey(["pool:1"], null, null), s_long);

        Assert.Same(first.Client, same.Client);
        Assert.Equal(3, new[] { first.Client, otherPassword.Client, nobody.Client }.Distinct().Count());
    }

    [Fact]
    public void A_client_outlives_its_last_lease_by_the_idle_lifetime()
    {
        ClientKey key = new(["pool:2"], null, null);
        ClientLease lease = ClientPool.Lease(key, s_long);
        lease.Dispose();
        using ClientLease again = ClientPool.Lease(key, s_long);

        Assert.Same(lease.Client, again.Client);
    }

    [Fact]
    public void An_idle_client_is_closed()
    {
        ClientKey key = new(["pool:3"], null, null);
        ClientLease lease = ClientPool.Lease(key, TimeSpan.FromMilliseconds(1));
        lease.Dispose();
        lease.Dispose();

        // A closed client refuses every call before it connects anywhere.
        Assert.True(SpinWait.SpinUntil(() => IsClosed(lease), TimeSpan.FromSeconds(30)));
        using ClientLease next = ClientPool.Lease(key, s_long);
        Assert.NotSame(lease.Client, next.Client);
    }

    private static bool IsClosed(ClientLease lease) => lease.Client.ListDatabasesAsync(new CancellationToken(canceled: true)).Exception?.InnerException is ObjectDisposedException;

    [Theory]
    [InlineData("pool", null)]
    [InlineData("pool:1", "a\0b")]
    public void Servers_that_no_client_can_be_made_for_are_refused_by_name(string servers, string? user)
    {
        FlussLakeException refusal = Assert.Throws<FlussLakeException>(() => ClientPool.Lease(new ClientKey([servers], user, user), s_long));
        Assert.Contains($"'{servers}'", refusal.Message, StringComparison.Ordinal);
        Assert.IsAssignableFrom<ArgumentException>(refusal.InnerException);
    }
}
