using System.Globalization;

using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.State;

/// <summary>The ports that the servers had the last time, so that clients find them again.</summary>
internal sealed class KnownPorts(StateStore store, StateWriter writer)
{
    private readonly Dictionary<string, int> _ports = store.Read(connection => connection.Rows("SELECT node, port FROM ports", row => (row.GetString(0), row.GetInt32(1)))).ToDictionary();

    public int? Find(ServerNode node) => _ports.TryGetValue(Name(node), out int port) ? port : null;

    public void Save(IReadOnlyList<ServerListener> listeners) => writer.Execute(connection =>
    {
        foreach (ServerListener listener in listeners)
        {
            connection.Run("INSERT INTO ports(node, port) VALUES($0, $1) ON CONFLICT(node) DO UPDATE SET port = $1", Name(listener.Node), listener.Port);
        }
    });

    private static string Name(ServerNode node) => string.Create(CultureInfo.InvariantCulture, $"{node.Role} {node.Id}");
}
