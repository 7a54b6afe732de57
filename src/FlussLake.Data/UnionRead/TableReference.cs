using FlussLake.Client;
using FlussLake.Client.Metadata;

namespace FlussLake.Data.UnionRead;

/// <summary>What the arguments of <c>fluss_read</c> name: a table, the half of it that is wanted, and servers other than the connection's own, if any.</summary>
/// <param name="Table">The table.</param>
/// <param name="Half">Which half of the table.</param>
/// <param name="Servers">The servers given as an argument, as <c>host:port[,host:port]</c>, or null for those of the connection string.</param>
internal sealed record TableReference(TablePath Table, TableHalf Half, string? Servers)
{
    private const string LakeSuffix = "$lake";
    private const string LogSuffix = "$log";

    /// <summary>
    /// Reads the arguments: <c>(table)</c>, <c>(database, table)</c>, <c>(servers, table)</c> or <c>(servers, database, table)</c>. A first argument with a colon names servers;
    /// where the database is not an argument of its own, the table may be written <c>database.table</c> (Fluss allows no dot in either name).
    /// </summary>
    /// <exception cref="FlussLakeException">The arguments name no table.</exception>
    public static TableReference Parse(string? first, string? second, string? third, string defaultDatabase)
    {
        string[] given = [.. new[] { first, second, third }.TakeWhile(argument => argument is not null).Select(argument => argument!)];
        if (given.Length == 0 || new[] { first, second, third }.Skip(given.Length).Any(argument => argument is not null))
        {
            throw new FlussLakeException(Messages.NullTableArgument);
        }

        string? servers = null;
        ReadOnlySpan<string> names = given;
        if (names.Length > 1 && names[0].Contains(':', StringComparison.Ordinal))
        {
            servers = string.Join(
                ',', names[0].ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            names = names[1..];
        }
        else if (names.Length == 3)
        {
            throw new FlussLakeException(Messages.ServersExpected(names[0]));
        }

        string database = defaultDatabase;
        string table = names[^1];
        if (names.Length == 2)
        {
            database = names[0];
        }
        else if (table.IndexOf('.', StringComparison.Ordinal) is > 0 and int dot)
        {
            (database, table) = (table[..dot], table[(dot + 1)..]);
        }

        TableHalf half = TableHalf.Both;
        if (table.EndsWith(LakeSuffix, StringComparison.Ordinal))
        {
            (table, half) = (table[..^LakeSuffix.Length], TableHalf.Lake);
        }
        else if (table.EndsWith(LogSuffix, StringComparison.Ordinal))
        {
            (table, half) = (table[..^LogSuffix.Length], TableHalf.Log);
        }

        if (table.Length == 0 || database.Length == 0)
        {
            throw new FlussLakeException(Messages.EmptyTableName);
        }

        Check("database", database);
        Check("table", table);
        return new TableReference(new TablePath(database, table), half, servers);
    }

    // The server answers names that it cannot have with its own internals.
    private static void Check(string what, string name)
    {
        if (name.Length > FlussNames.MaxLength || !FlussNames.HasOnlyNameCharacters(name))
        {
            throw new FlussLakeException(Messages.ImpossibleName(what, name.Length > FlussNames.MaxLength ? name[..FlussNames.MaxLength] + "…" : name));
        }
    }
}
