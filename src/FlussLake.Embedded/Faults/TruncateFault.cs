using System.Buffers.Binary;

using FlussLake.Client.Protocol;
using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Faults;

/// <summary>Cuts bytes off the end of an answer's body. The frame's length agrees with what is left.</summary>
internal sealed class TruncateFault(FlussApi? api, int bytes, int times) : Fault(api, times)
{
    public override void Answer(ServerSession session, byte[] frame)
    {
        byte[] cut = frame[..Math.Max(ResponseFrame.BodyStart, frame.Length - bytes)];
        BinaryPrimitives.WriteInt32BigEndian(cut, cut.Length - FrameFormat.LengthSize);
        session.Send(cut);
    }
}
