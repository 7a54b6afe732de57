using FlussLake.Client;

namespace FlussLake.Data.Clients;

/// <summary>A share in a pooled client.</summary>
internal sealed class ClientLease(FlussClient client, Action giveBack) : IDisposable
{
    private Action? _giveBack = giveBack;

    public FlussClient Client { get; } = client;

    public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();
}
