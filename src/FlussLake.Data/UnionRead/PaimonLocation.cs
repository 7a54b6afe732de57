using FlussLake.Client.Metadata;

namespace FlussLake.Data.UnionRead;

/// <summary>
/// Where the Paimon table of a Fluss table lies: <c>warehouse/database.db/table</c>, or the folder that the table's creator chose with <c>paimon.path</c>.
/// Source: <c>paimon-core/src/main/java/org/apache/paimon/catalog/AbstractCatalog.java</c>.
/// </summary>
internal static class PaimonLocation
{
    private const string Warehouse = "table.datalake.paimon.warehouse";
    private const string Path = "paimon.path";

    /// <summary>The table's root folder.</summary>
    /// <param name="table">The table.</param>
    /// <param name="warehouse">A warehouse root that replaces the one that the server returns, or null.</param>
    public static string TableRoot(TableInfo table, string? warehouse)
    {
        if (warehouse is null && table.CustomProperties.TryGetValue(Path, out string? path))
        {
            return path;
        }

        string root = warehouse ?? (table.Properties.TryGetValue(Warehouse, out string? told) ? told : throw new FlussLakeException(Messages.NoWarehouse(table.Path)));
        return $"{root.TrimEnd('/')}/{table.Path.Database}.db/{table.Path.Table}";
    }
}
