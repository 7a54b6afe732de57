namespace FlussLake.Data.Sessions;

/// <summary>What a connection string says about Fluss: immutable, parsed once.</summary>
internal sealed record SessionSettings
{
    /// <summary>The servers as <c>host:port</c>; empty where the connection string names none.</summary>
    public IReadOnlyList<string> BootstrapServers { get; init; } = [];

    public string Database { get; init; } = "fluss";

    public string? UserId { get; init; }

    public string? Password { get; init; }

    public UnionReadMode UnionRead { get; init; } = UnionReadMode.Auto;

    /// <summary>Replaces the warehouse root that the server returns, or null.</summary>
    public string? LakeWarehouse { get; init; }

    /// <summary>Replaces the root of remote log segments that the server returns, or null.</summary>
    public string? RemoteData { get; init; }

    public TimestampNanoseconds TimestampNanoseconds { get; init; } = TimestampNanoseconds.Error;

    /// <summary>The read-ahead budget for log data in bytes, one for the process.</summary>
    public long LogMemory { get; init; } = 64L << 20;

    public TimeSpan ConnectionIdleLifetime { get; init; } = TimeSpan.FromSeconds(60);

    public bool AllowOtherServers { get; init; } = true;

    /// <summary>The default of <c>CommandTimeout</c>; zero means none.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The generated text would show the password.</summary>
    public override string ToString() => $"{string.Join(',', BootstrapServers)}/{Database}";
}
