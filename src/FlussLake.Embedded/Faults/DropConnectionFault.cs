using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Faults;

/// <summary>Sends the first bytes of an answer, then closes the connection.</summary>
internal sealed class DropConnectionFault(FlussApi? api, int afterBytes, int times) : Fault(api, times)
{
    public override void Answer(ServerSession session, byte[] frame) => session.Send(frame[..Math.Min(afterBytes, frame.Length)], isLast: true);
}
