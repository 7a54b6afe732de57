using System.Collections;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FlussLake.Data.Instances;
using FlussLake.Data.Sessions;

namespace FlussLake.Data;

/// <summary>
/// Reads and writes connection strings of <see cref="FlussLakeConnection"/>. Besides the properties, every setting that DuckDB knows (<c>threads</c>,
/// <c>memory_limit</c>, ...) is a key and passes through to it. Keys ignore case.
/// </summary>
/// <example><c>Bootstrap Servers=localhost:9123;Database=shop;Union Read=Required;threads=4</c></example>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "ADO.NET names its builders so.")]
[SuppressMessage("Design", "CA1010:Generic interface should also be implemented", Justification = "ADO.NET's base class is untyped.")]
public sealed class FlussLakeConnectionStringBuilder : DbConnectionStringBuilder
{
    private const string BootstrapServersKey = "Bootstrap Servers";
    private const string DatabaseKey = "Database";
    private const string UserIdKey = "User ID";
    private const string PasswordKey = "Password";
    private const string UnionReadKey = "Union Read";
    private const string CommandTimeoutKey = "Command Timeout";
    private const string DataSourceKey = "Data Source";
    private const string LakeWarehouseKey = "Lake Warehouse";
    private const string RemoteDataKey = "Remote Data";
    private const string TimestampNanosecondsKey = "Timestamp Nanoseconds";
    private const string LogMemoryKey = "Log Memory";
    private const string ConnectionIdleLifetimeKey = "Connection Idle Lifetime";
    private const string AllowOtherServersKey = "Allow Other Servers";

    private static readonly SessionSettings s_defaults = new();

    private static readonly Dictionary<string, string> s_keys = new(StringComparer.OrdinalIgnoreCase)
    {
        [BootstrapServersKey] = BootstrapServersKey,
        ["BootstrapServers"] = BootstrapServersKey,
        ["bootstrap.servers"] = BootstrapServersKey,
        ["Servers"] = BootstrapServersKey,
        ["Server"] = BootstrapServersKey,
        ["Host"] = BootstrapServersKey,
        [DatabaseKey] = DatabaseKey,
        ["Initial Catalog"] = DatabaseKey,
        [UserIdKey] = UserIdKey,
        ["UserID"] = UserIdKey,
        ["UID"] = UserIdKey,
        ["Username"] = UserIdKey,
        ["User Name"] = UserIdKey,
        [PasswordKey] = PasswordKey,
        ["Pwd"] = PasswordKey,
        [UnionReadKey] = UnionReadKey,
        ["UnionRead"] = UnionReadKey,
        [CommandTimeoutKey] = CommandTimeoutKey,
        ["CommandTimeout"] = CommandTimeoutKey,
        [DataSourceKey] = DataSourceKey,
        ["DataSource"] = DataSourceKey,
        ["Filename"] = DataSourceKey,
        [LakeWarehouseKey] = LakeWarehouseKey,
        ["LakeWarehouse"] = LakeWarehouseKey,
        [RemoteDataKey] = RemoteDataKey,
        ["RemoteData"] = RemoteDataKey,
        [TimestampNanosecondsKey] = TimestampNanosecondsKey,
        ["TimestampNanoseconds"] = TimestampNanosecondsKey,
        [LogMemoryKey] = LogMemoryKey,
        ["LogMemory"] = LogMemoryKey,
        [ConnectionIdleLifetimeKey] = ConnectionIdleLifetimeKey,
        ["ConnectionIdleLifetime"] = ConnectionIdleLifetimeKey,
        [AllowOtherServersKey] = AllowOtherServersKey,
        ["AllowOtherServers"] = AllowOtherServersKey,
    };

    /// <summary>Creates an empty builder: every property has its default.</summary>
    public FlussLakeConnectionStringBuilder()
    {
    }

    /// <summary>Reads a connection string.</summary>
    /// <param name="connectionString">The connection string, or null for an empty one.</param>
    /// <exception cref="ArgumentException">A key is unknown or a value is not valid; the message names the key.</exception>
    public FlussLakeConnectionStringBuilder(string? connectionString) => ConnectionString = connectionString;

    /// <summary>The Fluss servers to ask first, as <c>host:port[,host:port]</c>. May stay empty: then only the form of <c>fluss_read</c> that names servers works.</summary>
    public string BootstrapServers
    {
        get => Text(BootstrapServersKey) ?? "";
        set => this[BootstrapServersKey] = value;
    }

    /// <summary>The Fluss database of tables without one. Default: <c>fluss</c>.</summary>
    public string Database
    {
        get => Text(DatabaseKey) ?? s_defaults.Database;
        set => this[DatabaseKey] = value;
    }

    /// <summary>The user for SASL/PLAIN, or null to connect without authentication.</summary>
    public string? UserId
    {
        get => Text(UserIdKey);
        set => this[UserIdKey] = value;
    }

    /// <summary>The user's password, or null. It goes only to <see cref="BootstrapServers"/> and the servers of their cluster.</summary>
    public string? Password
    {
        get => Text(PasswordKey);
        set => this[PasswordKey] = value;
    }

    /// <summary>Which halves a read needs. Default: <see cref="UnionReadMode.Auto"/>.</summary>
    public UnionReadMode UnionRead
    {
        get => Enumeration(UnionReadKey, s_defaults.UnionRead);
        set => this[UnionReadKey] = value.ToString();
    }

    /// <summary>The default of <see cref="FlussLakeCommand.CommandTimeout"/> in seconds; 0 means none. Default: 30.</summary>
    public int CommandTimeout
    {
        get => (int)Seconds(CommandTimeoutKey, s_defaults.CommandTimeout).TotalSeconds;
        set => this[CommandTimeoutKey] = value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The DuckDB database: a file, or <c>:memory:</c> for an instance of this connection alone. Empty, the default, shares one DuckDB instance between connections of the
    /// same servers, user and DuckDB settings, each with a private in-memory catalog.
    /// </summary>
    public string DataSource
    {
        get => Text(DataSourceKey) ?? "";
        set => this[DataSourceKey] = value;
    }

    /// <summary>Replaces the root of the lake's warehouse that the server returns: the server's own path may mean nothing on this machine. Null, the default, keeps it.</summary>
    public string? LakeWarehouse
    {
        get => Text(LakeWarehouseKey);
        set => this[LakeWarehouseKey] = value;
    }

    /// <summary>Replaces the root of remote log segments that the server returns. Null, the default, keeps it.</summary>
    public string? RemoteData
    {
        get => Text(RemoteDataKey);
        set => this[RemoteDataKey] = value;
    }

    /// <summary>What happens to digits below a microsecond. Default: <see cref="FlussLake.Data.TimestampNanoseconds.Error"/>.</summary>
    public TimestampNanoseconds TimestampNanoseconds
    {
        get => Enumeration(TimestampNanosecondsKey, s_defaults.TimestampNanoseconds);
        set => this[TimestampNanosecondsKey] = value.ToString();
    }

    /// <summary>
    /// Memory for log data fetched ahead, in bytes. A connection string may use a unit: <c>64MB</c>, <c>64MiB</c>. It is one budget for the process, and the largest value
    /// that a connection asks for holds. Default: 64 MiB.
    /// </summary>
    public long LogMemory
    {
        get => Text(LogMemoryKey) is { } text ? ByteSize.Parse(LogMemoryKey, text) : s_defaults.LogMemory;
        set => this[LogMemoryKey] = value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>How long, in seconds, a shared DuckDB instance and a client stay when no connection uses them. Default: 60.</summary>
    public int ConnectionIdleLifetime
    {
        get => (int)Seconds(ConnectionIdleLifetimeKey, s_defaults.ConnectionIdleLifetime).TotalSeconds;
        set => this[ConnectionIdleLifetimeKey] = value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Whether <c>fluss_read('other:9123', ...)</c> may reach servers that the connection string does not name (always without credentials). Default: true.</summary>
    public bool AllowOtherServers
    {
        get => Text(AllowOtherServersKey) is { } text ? Boolean(AllowOtherServersKey, text) : s_defaults.AllowOtherServers;
        set => this[AllowOtherServersKey] = value ? "true" : "false";
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The key is unknown, or the value is not valid for it; the message names the key.</exception>
    [AllowNull]
    public override object this[string keyword]
    {
        get => base[Canonical(keyword)];
        set
        {
            string key = Canonical(keyword);
            string? text = Convert.ToString(value, CultureInfo.InvariantCulture);
            if (value is null || text is null)
            {
                base.Remove(key);
                return;
            }

            Check(key, text);
            base[key] = text;
        }
    }

    /// <inheritdoc/>
    public override bool ContainsKey(string keyword) => TryCanonical(keyword, out string? key) && base.ContainsKey(key);

    /// <inheritdoc/>
    public override bool Remove(string keyword) => TryCanonical(keyword, out string? key) && base.Remove(key);

    /// <inheritdoc/>
    public override bool ShouldSerialize(string keyword) => TryCanonical(keyword, out string? key) && base.ShouldSerialize(key);

    /// <inheritdoc/>
    public override bool TryGetValue(string keyword, [NotNullWhen(true)] out object? value)
    {
        value = null;
        return TryCanonical(keyword, out string? key) && base.TryGetValue(key, out value);
    }

    /// <summary>The connection string without the password.</summary>
    /// <returns>What may be shown; <see cref="DbConnectionStringBuilder.ConnectionString"/> has the password.</returns>
    public override string ToString() => WithoutPassword();

    internal string WithoutPassword()
    {
        if (!ContainsKey(PasswordKey))
        {
            return ConnectionString;
        }

        FlussLakeConnectionStringBuilder copy = new(ConnectionString);
        copy.Remove(PasswordKey);
        return copy.ConnectionString;
    }

    internal SessionSettings ToSessionSettings() => new()
    {
        BootstrapServers = SplitServers(BootstrapServers),
        Database = Database,
        UserId = UserId,
        Password = Password,
        UnionRead = UnionRead,
        LakeWarehouse = LakeWarehouse,
        RemoteData = RemoteData,
        TimestampNanoseconds = TimestampNanoseconds,
        LogMemory = LogMemory,
        ConnectionIdleLifetime = Seconds(ConnectionIdleLifetimeKey, s_defaults.ConnectionIdleLifetime),
        AllowOtherServers = AllowOtherServers,
        CommandTimeout = Seconds(CommandTimeoutKey, s_defaults.CommandTimeout),
    };

    internal SortedDictionary<string, string> DuckDbSettings()
    {
        SortedDictionary<string, string> settings = new(StringComparer.Ordinal);
        foreach (KeyValuePair<string, object> pair in (IEnumerable)this)
        {
            if (!s_keys.ContainsKey(pair.Key))
            {
                settings[pair.Key.ToLowerInvariant()] = (string)pair.Value;
            }
        }

        return settings;
    }

    private static string Canonical(string keyword) =>
        TryCanonical(keyword, out string? key) ? key : throw new ArgumentException(Messages.UnknownKey(keyword), nameof(keyword));

    private static bool TryCanonical(string keyword, [NotNullWhen(true)] out string? key)
    {
        ArgumentNullException.ThrowIfNull(keyword);
        if (s_keys.TryGetValue(keyword, out key))
        {
            return true;
        }

        key = Instances.DuckDbSettings.IsKnown(keyword) ? keyword.ToLowerInvariant() : null;
        return key is not null;
    }

    private static void Check(string key, string text)
    {
        switch (key)
        {
            case BootstrapServersKey:
                SplitServers(text);
                break;
            case UnionReadKey:
                ParseEnumeration<UnionReadMode>(key, text);
                break;
            case TimestampNanosecondsKey:
                ParseEnumeration<TimestampNanoseconds>(key, text);
                break;
            case CommandTimeoutKey or ConnectionIdleLifetimeKey:
                ParseSeconds(key, text);
                break;
            case LogMemoryKey:
                ByteSize.Parse(key, text);
                break;
            case AllowOtherServersKey:
                Boolean(key, text);
                break;
            case DatabaseKey when text.Length == 0:
                throw new ArgumentException(Messages.BadValue(key, text, "a database has a name"));
            default:
                break;
        }
    }

    private static string[] SplitServers(string text)
    {
        string[] servers = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (string server in servers)
        {
            int colon = server.LastIndexOf(':');
            if (colon <= 0 || server.AsSpan(0, colon).ContainsAny("/ ") || !ushort.TryParse(server.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            {
                throw new ArgumentException(Messages.BadValue(BootstrapServersKey, text, $"'{server}' is not host:port with a port from 1 to 65535"));
            }
        }

        return servers;
    }

    private static T ParseEnumeration<T>(string key, string text)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (string.Equals(value.ToString(), text.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        throw new ArgumentException(Messages.BadValue(key, text, "it is one of " + string.Join(", ", Enum.GetNames<T>())));
    }

    private static TimeSpan ParseSeconds(string key, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int seconds)
            ? TimeSpan.FromSeconds(seconds)
            : throw new ArgumentException(Messages.BadValue(key, text, "it is a number of seconds, 0 or more"));

    private static bool Boolean(string key, string text) => text.Trim().ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "ON" or "1" => true,
        "FALSE" or "NO" or "OFF" or "0" => false,
        _ => throw new ArgumentException(Messages.BadValue(key, text, "it is true or false")),
    };

    private string? Text(string key) => base.TryGetValue(key, out object? value) && value is string text ? text : null;

    private T Enumeration<T>(string key, T otherwise)
        where T : struct, Enum => Text(key) is { } text ? ParseEnumeration<T>(key, text) : otherwise;

    private TimeSpan Seconds(string key, TimeSpan otherwise) => Text(key) is { } text ? ParseSeconds(key, text) : otherwise;
}
