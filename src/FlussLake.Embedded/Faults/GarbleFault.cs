using FlussLake.Client.Protocol;
using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Faults;

/// <summary>Replaces everything that follows an answer's length by noise.</summary>
internal sealed class GarbleFault(FlussApi? api, int times) : Fault(api, times)
{
    // No kind of answer.
    private const byte Noise = 0xA5;

    public override void Answer(ServerSession session, byte[] frame)
    {
        byte[] noise = [.. frame];
        noise.AsSpan(FrameFormat.LengthSize).Fill(Noise);
        session.Send(noise);
    }
}
