using System.Buffers.Binary;

using FlussLake.Client.Protocol;
using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Faults;

/// <summary>Sends an answer under the number of a request that was never made.</summary>
internal sealed class MisdirectFault(FlussApi? api, int times) : Fault(api, times)
{
    // Clients count up from a small number.
    private const int Never = int.MinValue + 1;

    public override void Answer(ServerSession session, byte[] frame)
    {
        byte[] other = [.. frame];
        BinaryPrimitives.WriteInt32BigEndian(other.AsSpan(FrameFormat.LengthSize + 1), Never);
        session.Send(other);
    }
}
