namespace FlussLake.Embedded.Rpc;

/// <summary>The two kinds of server, by their numbers in ApiVersions answers.</summary>
internal enum ServerRole
{
    Coordinator = 1,
    TabletServer = 2,
}
