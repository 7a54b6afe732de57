namespace FlussLake.Cluster.Tests.Kit;

/// <summary>What a cluster is started with.</summary>
public sealed record KitOptions
{
    public int Tablets { get; init; } = 1;

    /// <summary>paimon, iceberg or none.</summary>
    public string Lake { get; init; } = "paimon";

    /// <summary>The super user of a cluster that wants SASL/PLAIN, or null for one that lets everybody in.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Whether old log segments move to the remote folder within seconds.</summary>
    public bool RemoteLogs { get; init; }

    /// <summary>Settings of every server, as key and value.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The options as the kit's script takes them.</summary>
    public IEnumerable<string> ToArguments(int port)
    {
        List<string> arguments = ["--port", $"{port}", "--tablets", $"{Tablets}", "--lake", Lake];
        if (User is not null)
        {
            arguments.AddRange(["--sasl", $"{User}:{Password}"]);
        }

        if (RemoteLogs)
        {
            arguments.Add("--remote-logs");
        }

        // Where every core is busy, servers may be silent for longer than the kit's ten seconds; one that ZooKeeper gave up no longer leads its buckets.
        arguments.Add("-Dzookeeper.client.session-timeout=20s");
        arguments.AddRange(Settings.Select(setting => $"-D{setting.Key}={setting.Value}"));
        return arguments;
    }
}
