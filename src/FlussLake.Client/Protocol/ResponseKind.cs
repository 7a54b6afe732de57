namespace FlussLake.Client.Protocol;

/// <summary>The first byte of a response.</summary>
internal enum ResponseKind : byte
{
    Success = 0,

    /// <summary>One request failed: id and error follow.</summary>
    RequestError = 1,

    /// <summary>The server gave up on the connection: an error without a request id follows, then the server closes.</summary>
    ServerFailure = 2,
}
