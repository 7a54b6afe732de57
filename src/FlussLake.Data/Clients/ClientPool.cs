using FlussLake.Client;

namespace FlussLake.Data.Clients;

/// <summary>The Fluss clients of the process: one for each key, shared by every connection that leases it, and closed some time after the last lease ended.</summary>
internal static class ClientPool
{
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<ClientKey, Entry> s_entries = [];

    /// <summary>Leases the key's client, making it where there is none. Disposing the lease gives it back; the client is closed once nobody leased it for <paramref name="idleLifetime"/>.</summary>
    /// <exception cref="FlussLakeException">The key does not name servers, or its credentials are not possible.</exception>
    public static ClientLease Lease(ClientKey key, TimeSpan idleLifetime)
    {
        lock (s_gate)
        {
            if (!s_entries.TryGetValue(key, out Entry? entry))
            {
                entry = new Entry(Create(key));
                s_entries.Add(key, entry);
            }

            entry.Leases++;
            entry.IdleTimer?.Dispose();
            entry.IdleTimer = null;
            return new ClientLease(entry.Client, () => Return(key, entry, idleLifetime));
        }
    }

    private static FlussClient Create(ClientKey key)
    {
        try
        {
            return new FlussClient(new FlussClientOptions { BootstrapServers = key.Servers.Split(','), UserId = key.UserId, Password = key.Password });
        }
        catch (ArgumentException problem)
        {
            throw new FlussLakeException(Messages.BadServers(key.Servers), problem);
        }
    }

    private static void Return(ClientKey key, Entry entry, TimeSpan idleLifetime)
    {
        lock (s_gate)
        {
            entry.Leases--;
            if (entry.Leases == 0)
            {
                // Nobody waits for this timer: it only closes what is idle.
                entry.IdleTimer = new Timer(_ => Evict(key, entry), null, idleLifetime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private static void Evict(ClientKey key, Entry entry)
    {
        lock (s_gate)
        {
            if (entry.Leases > 0 || !s_entries.TryGetValue(key, out Entry? current) || !ReferenceEquals(current, entry))
            {
                return;
            }

            s_entries.Remove(key);
            entry.IdleTimer?.Dispose();
        }

        entry.Client.Dispose();
    }

    private sealed class Entry(FlussClient client)
    {
        public FlussClient Client { get; } = client;

        public int Leases { get; set; }

        public Timer? IdleTimer { get; set; }
    }
}
