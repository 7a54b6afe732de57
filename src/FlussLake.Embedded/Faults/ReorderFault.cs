using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Faults;

/// <summary>Holds answers back until a number of them is there, and then sends them in the opposite order.</summary>
internal sealed class ReorderFault : Fault
{
    private readonly Lock _gate = new();
    private readonly Stack<(ServerSession Session, byte[] Frame)> _held = new();
    private readonly int _answers;

    public ReorderFault(FlussApi? api, int answers)
        : base(api, answers) => _answers = answers;

    public override void Answer(ServerSession session, byte[] frame)
    {
        lock (_gate)
        {
            _held.Push((session, frame));
            if (_held.Count < _answers)
            {
                return;
            }

            while (_held.TryPop(out (ServerSession Session, byte[] Frame) held))
            {
                held.Session.Send(held.Frame);
            }
        }
    }
}
