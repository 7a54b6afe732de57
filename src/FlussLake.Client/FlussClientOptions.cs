using System.Globalization;
using System.Text;

namespace FlussLake.Client;

/// <summary>Where a Fluss cluster is and how it is talked to. Immutable; change copies by <c>with</c>. The text form never shows the password.</summary>
public sealed record FlussClientOptions
{
    /// <summary>The servers to ask first, as <c>host:port</c>, tried in this order; coordinators and tablet servers are both fine. The others are learned from them.</summary>
    public required IReadOnlyList<string> BootstrapServers { get; init; }

    /// <summary>The user for SASL/PLAIN, or null for connections without authentication.</summary>
    public string? UserId { get; init; }

    /// <summary>The user's password, or null. It is sent as it is: the protocol has no encryption.</summary>
    public string? Password { get; init; }

    /// <summary>How long one call may take in all, connecting and retries included, and how long a log scan may stand still. 30 seconds unless set.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it may take until a server is connected, has named its versions and has accepted the user. 10 seconds unless set.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often a call is made again after a failure that the protocol marks as retriable: 0 to 100, 20 unless set. Calls that any server can answer are made again four
    /// times at most; those that need the leader of a bucket use the whole number, which by default outlasts <see cref="RequestTimeout"/>.
    /// </summary>
    public int MaxRetries { get; init; } = 20;

    /// <summary>The longest that a server may hold back an answer to a log request for which it has no data yet. 500 milliseconds unless set.</summary>
    public TimeSpan MaxFetchWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The size of one log request for one bucket in bytes, at least 1024; 4 MiB unless set. A single larger batch is still read.</summary>
    public int MaxFetchBytes { get; init; } = 4 << 20;

    /// <summary>The largest response in bytes that is accepted, at least 64 KiB; 128 MiB unless set. A server that announces more is not talked to any further.</summary>
    public int MaxResponseBytes { get; init; } = 128 << 20;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    internal void Validate()
    {
        if (BootstrapServers is null or { Count: 0 })
        {
            throw new ArgumentException("BootstrapServers names no server.");
        }

        if (UserId is null != Password is null || UserId is "" || Password is "" || UserId?.Contains('\0', StringComparison.Ordinal) == true
            || Password?.Contains('\0', StringComparison.Ordinal) == true)
        {
            throw new ArgumentException("UserId and Password are given together or not at all, are not empty and contain no NUL character.");
        }

        Require(RequestTimeout > TimeSpan.Zero && RequestTimeout <= TimeSpan.FromDays(1), nameof(RequestTimeout), "more than zero and at most a day");
        Require(ConnectTimeout > TimeSpan.Zero && ConnectTimeout <= TimeSpan.FromDays(1), nameof(ConnectTimeout), "more than zero and at most a day");
        Require(MaxRetries is >= 0 and <= 100, nameof(MaxRetries), "0 to 100");
        Require(MaxFetchWait >= TimeSpan.Zero && MaxFetchWait <= TimeSpan.FromMinutes(1), nameof(MaxFetchWait), "zero to a minute");
        Require(MaxResponseBytes is >= 64 << 10 and <= 1 << 30, nameof(MaxResponseBytes), "64 KiB to 1 GiB");
        Require(MaxFetchBytes >= 1024 && MaxFetchBytes <= MaxResponseBytes - 4096, nameof(MaxFetchBytes), "1024 to MaxResponseBytes less 4096");
    }

    private static void Require(bool valid, string name, string range)
    {
        if (!valid)
        {
            throw new ArgumentException($"{name} is out of its range: {range}.", name);
        }
    }

    // The generated text would show the password.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"BootstrapServers = {string.Join(',', BootstrapServers ?? [])}, UserId = {UserId}");
        builder.Append(CultureInfo.InvariantCulture, $", RequestTimeout = {RequestTimeout}, ConnectTimeout = {ConnectTimeout}, MaxRetries = {MaxRetries}");
        builder.Append(CultureInfo.InvariantCulture, $", MaxFetchWait = {MaxFetchWait}, MaxFetchBytes = {MaxFetchBytes}, MaxResponseBytes = {MaxResponseBytes}");
        return true;
    }
}
