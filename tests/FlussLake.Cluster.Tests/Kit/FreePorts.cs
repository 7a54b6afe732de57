using System.Net;
using System.Net.Sockets;

namespace FlussLake.Cluster.Tests.Kit;

/// <summary>Finds ports for a cluster: P for the coordinator, P+1 and on for tablet servers, P+20000 for ZooKeeper.</summary>
public static class FreePorts
{
    // P+20000 stays below 32768, where systems start to hand out ports of outgoing connections.
    private const int First = 10_100;
    private const int Last = 12_600;

    /// <summary>A free block of ports. Another process may take one before the cluster does: the caller then asks for another block.</summary>
    public static int ForCluster(int tablets)
    {
        for (int attempt = 0; attempt < 200; attempt++)
        {
            int port = Random.Shared.Next(First, Last);
            if (Enumerable.Range(port, tablets + 1).Append(port + 20_000).All(IsFree))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No free ports for a cluster between {First} and {Last}.");
    }

    /// <summary>A port on which nothing listens.</summary>
    public static int Unused()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using TcpListener listener = new(IPAddress.Loopback, port);
            listener.ExclusiveAddressUse = true;
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
