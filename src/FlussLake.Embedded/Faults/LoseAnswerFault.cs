using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Faults;

/// <summary>Serves a request and never answers it: what it asked for has happened, and the client does not know.</summary>
internal sealed class LoseAnswerFault(FlussApi? api, int times) : Fault(api, times)
{
    public override void Answer(ServerSession session, byte[] frame)
    {
    }
}
