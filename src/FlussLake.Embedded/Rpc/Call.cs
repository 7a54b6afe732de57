using FlussLake.Client;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Faults;

using Google.Protobuf;

namespace FlussLake.Embedded.Rpc;

/// <summary>One request and the way to answer it, once and from any thread.</summary>
internal sealed class Call(ServerSession session, ServerNode node, ApiKey key, int id, ReadOnlyMemory<byte> body, Fault? fault)
{
    private int _answered;

    /// <summary>The server that was asked.</summary>
    public ServerNode Node { get; } = node;

    public ApiKey Key { get; } = key;

    public ReadOnlyMemory<byte> Body { get; } = body;

    public ServerSession Session { get; } = session;

    public void Answer(IMessage response) => Send(() => ResponseFrame.Success(id, response));

    public void Refuse(FlussException error) => Refuse(error.Code, error.Message);

    public void Refuse(FlussErrorCode code, string message) => Send(() => ResponseFrame.Error(id, code, message));

    /// <summary>Ends the call without an answer.</summary>
    public void Abandon()
    {
        if (Interlocked.Exchange(ref _answered, 1) == 0)
        {
            Session.CallEnded(Body.Length);
        }
    }

    private void Send(Func<byte[]> build)
    {
        if (Volatile.Read(ref _answered) != 0)
        {
            return;
        }

        // An answer that cannot be built leaves the call open, so that it can still be refused.
        byte[] frame = build();
        if (Interlocked.Exchange(ref _answered, 1) != 0)
        {
            return;
        }

        if (fault is null)
        {
            Session.Send(frame);
        }
        else
        {
            fault.Answer(Session, frame);
        }

        Session.CallEnded(Body.Length);
    }
}
