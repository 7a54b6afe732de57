namespace FlussLake.Data.Clients;

/// <summary>What makes two connections share a client: the servers and who asks them.</summary>
internal sealed record ClientKey
{
    public ClientKey(IReadOnlyList<string> servers, string? userId, string? password)
    {
        Servers = string.Join(',', servers);
        UserId = userId;
        Password = password;
    }

    public string Servers { get; }

    public string? UserId { get; }

    public string? Password { get; }

    public override string ToString() => Servers;
}
