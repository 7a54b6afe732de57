using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using FlussLake.Data.UnionRead;

namespace FlussLake.Data.Sessions;

/// <summary>
/// What DuckDB's callbacks know of one open connection. They find it by its key, which the connection's TEMP macro carries: 128 random bits, because the key decides
/// whose servers and credentials are used.
/// </summary>
internal sealed class Session : IDisposable
{
    private static readonly ConcurrentDictionary<string, Session> s_open = new(StringComparer.Ordinal);
    private StatementScope? _statement;

    public Session(SessionSettings settings)
    {
        Settings = settings;
        Reads = new SessionReads(this);
        Database = settings.Database;
        Key = RandomNumberGenerator.GetHexString(32, lowercase: true);
        s_open[Key] = this;
    }

    public string Key { get; }

    public SessionSettings Settings { get; }

    /// <summary>The session's reads of Fluss tables.</summary>
    public SessionReads Reads { get; }

    /// <summary>The Fluss database that unqualified table names mean: the connection string's, until <c>ChangeDatabase</c>.</summary>
    public string Database { get; set; }

    /// <summary>The statement that runs now, or null.</summary>
    public StatementScope? Statement => Volatile.Read(ref _statement);

    public static bool TryFind(string key, [NotNullWhen(true)] out Session? session) => s_open.TryGetValue(key, out session);

    /// <summary>Starts a statement. The caller disposes the scope when the statement's reader is closed; at most one scope is open at a time.</summary>
    public StatementScope BeginStatement(bool isSingle = true)
    {
        StatementScope scope = new(isSingle);
        if (Interlocked.CompareExchange(ref _statement, scope, null) is not null)
        {
            throw new InvalidOperationException("The connection already runs a statement.");
        }

        return scope;
    }

    /// <summary>Ends the statement that <see cref="BeginStatement"/> started.</summary>
    public void EndStatement(StatementScope scope)
    {
        Interlocked.CompareExchange(ref _statement, null, scope);
        scope.Dispose();
        Reads.EndStatement(scope);
    }

    public void Dispose()
    {
        s_open.TryRemove(Key, out _);
        if (Interlocked.Exchange(ref _statement, null) is { } scope)
        {
            scope.Dispose();
        }

        Reads.Dispose();
    }
}
