namespace FlussLake.Embedded.Rpc;

/// <summary>One server of the instance, as requests see it.</summary>
/// <param name="Role">Its kind.</param>
/// <param name="Id">Its id: tablet servers count from 0; coordinators have ids of their own.</param>
internal sealed record ServerNode(ServerRole Role, int Id);
