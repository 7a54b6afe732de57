using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Faults;

/// <summary>Sends the first bytes of an answer and nothing else from then on. The connection stays open.</summary>
internal sealed class StallFault(FlussApi? api, int afterBytes, int times) : Fault(api, times)
{
    public override void Answer(ServerSession session, byte[] frame) => session.SendAndFallSilent(frame[..Math.Min(afterBytes, frame.Length)]);
}
