namespace FlussLake.Client.Protocol;

/// <summary>The versions that one server offers, and the version that both sides understand. Keys that the client does not know are kept without harm.</summary>
internal sealed class ApiVersionTable
{
    // This client speaks version 0 of everything it sends; later versions concern lookups and writes only.
    private const int ClientMin = 0;
    private const int ClientMax = 0;

    private readonly Dictionary<int, (int Min, int Max)> _offered = [];

    public ApiVersionTable(ApiVersionsResponse response)
    {
        foreach (PbApiVersion version in response.ApiVersions)
        {
            _offered[version.ApiKey] = (version.MinVersion, version.MaxVersion);
        }
    }

    /// <summary>The smaller of both maxima where it is not below either minimum; false where the server does not serve the key or the ranges do not meet.</summary>
    public bool TryNegotiate(ApiKey key, out short version)
    {
        version = 0;
        if (!_offered.TryGetValue((int)key, out (int Min, int Max) offered))
        {
            return false;
        }

        int used = Math.Min(ClientMax, offered.Max);
        if (used < Math.Max(ClientMin, offered.Min))
        {
            return false;
        }

        version = (short)used;
        return true;
    }
}
