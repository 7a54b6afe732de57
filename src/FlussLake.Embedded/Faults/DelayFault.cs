using FlussLake.Client.Threading;
using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Faults;

/// <summary>Sends an answer later. Other answers of the connection are not held up.</summary>
internal sealed class DelayFault(FlussApi? api, TimeSpan delay, int times) : Fault(api, times)
{
    public override void Answer(ServerSession session, byte[] frame) => DedicatedTimeProvider.Instance.CreateTimer(
        static state =>
        {
            (ServerSession session, byte[] frame) = ((ServerSession, byte[]))state!;
            session.Send(frame);
        },
        (session, frame),
        delay,
        Timeout.InfiniteTimeSpan);
}
