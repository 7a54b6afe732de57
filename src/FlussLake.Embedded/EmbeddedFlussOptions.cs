using System.Globalization;
using System.Text;

using FlussLake.Lake;

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlussLake.Embedded;

/// <summary>How an embedded server runs. Every option has a default. Immutable; change copies by <c>with</c>. The text form never shows passwords.</summary>
public sealed record EmbeddedFlussOptions
{
    /// <summary>
    /// The folder that keeps everything across restarts: databases, tables, logs and lake registrations. One server at a time uses it. Null, the default, keeps the state in
    /// memory, and the lake in a temporary folder that is deleted with the server.
    /// </summary>
    public string? DataDirectory { get; init; }

    /// <summary>
    /// The port of the coordinator on 127.0.0.1, 0 to 65535. 0, the default, takes the port that the data directory was served on before where it is free, and any free port
    /// otherwise. Tablet servers always have such ports.
    /// </summary>
    public int Port { get; init; }

    /// <summary>The number of tablet servers, 1 to 64; 1 unless set. All serve the same logs; more than one lets the leadership of a bucket move.</summary>
    public int TabletServers { get; init; } = 1;

    /// <summary>
    /// The root of the Paimon warehouse in which tables with <c>table.datalake.enabled</c> have their lake half, a folder of this machine: a path, or a <c>file:</c> location, in which
    /// nothing is percent-decoded. Null for <c>warehouse</c> in the data directory.
    /// </summary>
    public string? LakeWarehouse { get; init; }

    /// <summary>The number of buckets of a table whose creator names none, 1 to 128000; 1 unless set.</summary>
    public int DefaultBucketCount { get; init; } = 1;

    /// <summary>Users and their passwords. Where there is one, every connection must authenticate by SASL/PLAIN; empty, the default, lets everybody in.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>The clock behind commit timestamps, creation times and automatic partitions; the system's unless set.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the server logs to; nowhere unless set.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    internal void Validate()
    {
        Require(Port is >= 0 and <= 65535, nameof(Port), "0 to 65535");
        Require(TabletServers is >= 1 and <= 64, nameof(TabletServers), "1 to 64");
        Require(DefaultBucketCount is >= 1 and <= 128_000, nameof(DefaultBucketCount), "1 to 128000");
        Require(DataDirectory is not "", nameof(DataDirectory), "null or a path");
        Require(LakeWarehouse is not "", nameof(LakeWarehouse), "null or a path");
        RequireLocal(LakeWarehouse, nameof(LakeWarehouse));
        foreach ((string user, string password) in Users)
        {
            Require(user.Length > 0 && password.Length > 0 && !user.Contains('\0', StringComparison.Ordinal) && !password.Contains('\0', StringComparison.Ordinal), nameof(Users),
                "names and passwords that are not empty and contain no NUL character");
        }
    }

    private static void RequireLocal(string? folder, string name)
    {
        try
        {
            _ = folder is null ? null : ServerFolders.LocalFolder(folder);
        }
        catch (LakeException exception)
        {
            throw new ArgumentException($"{name} is out of its range. {exception.Message}", name, exception);
        }
    }

    private static void Require(bool valid, string name, string range)
    {
        if (!valid)
        {
            throw new ArgumentException($"{name} is out of its range: {range}.", name);
        }
    }

    // The generated text would show the passwords.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"DataDirectory = {DataDirectory}, Port = {Port}, TabletServers = {TabletServers}, LakeWarehouse = {LakeWarehouse}");
        builder.Append(CultureInfo.InvariantCulture, $", DefaultBucketCount = {DefaultBucketCount}, Users = {string.Join(',', Users.Keys)}");
        return true;
    }
}
