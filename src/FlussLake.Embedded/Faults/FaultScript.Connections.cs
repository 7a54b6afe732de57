using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Faults;

/// <content>Connections as a whole.</content>
public sealed partial class FaultScript
{
    /// <summary>Closes all connections of all servers at once, wherever they are in their answers. New ones are accepted.</summary>
    public void CutConnections()
    {
        foreach (ServerListener listener in _listeners)
        {
            listener.CutConnections();
        }
    }
}
