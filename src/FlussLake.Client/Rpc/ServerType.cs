namespace FlussLake.Client.Rpc;

/// <summary>What a server says that it is. Servers of Fluss 0.8 and older say nothing.</summary>
internal enum ServerType
{
    Coordinator = 1,
    TabletServer = 2,
}
