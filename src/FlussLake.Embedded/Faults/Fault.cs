using FlussLake.Client.Protocol;
using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Faults;

/// <summary>Something that goes wrong with requests of one kind, or of any, as often as it was asked for.</summary>
internal abstract class Fault(FlussApi? api, int times)
{
    private int _left = times;

    /// <summary>Whether the fault is still to come.</summary>
    public bool IsLeft => Volatile.Read(ref _left) > 0;

    /// <summary>Takes one of the times that are left for a request.</summary>
    public bool TryTake(ApiKey key)
    {
        if (api is { } wanted && (short)wanted != (short)key)
        {
            return false;
        }

        // Handshakes are spared unless they are named: a script is about what follows them.
        return (api is not null || key is not (ApiKey.ApiVersions or ApiKey.Authenticate)) && TryTake();
    }

    /// <summary>Takes one of the times that are left.</summary>
    public bool TryTake()
    {
        int left = Volatile.Read(ref _left);
        while (left > 0)
        {
            int seen = Interlocked.CompareExchange(ref _left, left - 1, left);
            if (seen == left)
            {
                return true;
            }

            left = seen;
        }

        return false;
    }

    /// <summary>Keeps the server from serving the request; true where it did.</summary>
    public virtual bool TryPrevent(Call call) => false;

    /// <summary>Sends the answer, or what the fault makes of it.</summary>
    public virtual void Answer(ServerSession session, byte[] frame) => session.Send(frame);
}
