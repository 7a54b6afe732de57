using System.Globalization;

namespace FlussLake.Client.Rpc;

/// <summary>Host and port of a server.</summary>
internal readonly record struct ServerAddress(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c> or <c>[ipv6]:port</c>.</summary>
    /// <exception cref="ArgumentException">The text is neither.</exception>
    public static ServerAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        int colon = trimmed.LastIndexOf(':');
        if (colon > 0 && int.TryParse(trimmed.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65535)
        {
            string host = trimmed[..colon];
            if (host.Length > 2 && host[0] == '[' && host[^1] == ']')
            {
                return new ServerAddress(host[1..^1], port);
            }

            if (!host.Contains(':', StringComparison.Ordinal) && !host.Contains(' ', StringComparison.Ordinal))
            {
                return new ServerAddress(host, port);
            }
        }

        throw new ArgumentException($"'{text}' is not a server address. Write host:port, for example localhost:9123, or [address]:port for IPv6.", nameof(text));
    }

    /// <summary>The address as it is written in options and messages.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
