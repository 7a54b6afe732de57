using System.Data;
using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;

namespace FlussLake.Data;

public sealed partial class FlussLakeConnection
{
    /// <summary>Lists the collections that <see cref="GetSchema(string)"/> knows.</summary>
    /// <returns>A row for each collection.</returns>
    public override DataTable GetSchema() => GetSchema(DbMetaDataCollectionNames.MetaDataCollections, null);

    /// <inheritdoc cref="GetSchema(string, string[])"/>
    public override DataTable GetSchema(string collectionName) => GetSchema(collectionName, null);

    /// <summary>Describes local objects: those of this connection's catalogs only. The tables of Fluss are listed by <c>fluss_tables()</c>.</summary>
    /// <param name="collectionName"><c>MetaDataCollections</c>, <c>Restrictions</c>, <c>Databases</c>, <c>Schemata</c>, <c>Tables</c>, <c>Columns</c> or <c>DataTypes</c>; case is ignored.</param>
    /// <param name="restrictionValues">Values that the first columns must have (catalog, schema, table, column); null or a missing one means any.</param>
    /// <returns>The description.</returns>
    /// <exception cref="ArgumentException">There is no such collection, or it has fewer restrictions.</exception>
    /// <exception cref="InvalidOperationException">The connection is not open, or has an open reader.</exception>
    public override DataTable GetSchema(string collectionName, string?[]? restrictionValues)
    {
        ArgumentNullException.ThrowIfNull(collectionName);
        OpenSession(nameof(GetSchema));
        (string Name, string[] Restrictions, string Sql)[] collections =
        [
            (DbMetaDataCollectionNames.MetaDataCollections, [], ""),
            (DbMetaDataCollectionNames.Restrictions, [], ""),
            ("Databases", ["database_name"], "SELECT database_name FROM duckdb_databases() WHERE " + OwnCatalogs("database_name")),
            ("Schemata", ["catalog_name", "schema_name"], "SELECT catalog_name, schema_name FROM information_schema.schemata WHERE " + OwnCatalogs("catalog_name")),
            ("Tables", ["table_catalog", "table_schema", "table_name", "table_type"],
                "SELECT table_catalog, table_schema, table_name, table_type FROM information_schema.tables WHERE " + OwnCatalogs("table_catalog")),
            ("Columns", ["table_catalog", "table_schema", "table_name", "column_name"],
                "SELECT table_catalog, table_schema, table_name, column_name, ordinal_position, column_default, is_nullable, data_type, "
                + "character_maximum_length, numeric_precision, numeric_scale FROM information_schema.columns WHERE " + OwnCatalogs("table_catalog")),
            (DbMetaDataCollectionNames.DataTypes, ["TypeName"],
                "SELECT DISTINCT type_name AS TypeName FROM duckdb_types() WHERE database_name = 'system'"),
        ];
        int index = Array.FindIndex(collections, collection => string.Equals(collection.Name, collectionName, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            throw new ArgumentException($"There is no schema collection '{collectionName}'.", nameof(collectionName));
        }

        (string name, string[] restrictions, string sql) = collections[index];
        if (restrictionValues?.Length > restrictions.Length)
        {
            throw new ArgumentException($"The schema collection '{name}' has {restrictions.Length} restrictions.", nameof(restrictionValues));
        }

        return index switch
        {
            0 => Collections(collections.Select(static collection => (collection.Name, collection.Restrictions.Length))),
            1 => Restrictions(collections.Select(static collection => (collection.Name, collection.Restrictions))),
            _ => Query(name, sql, restrictions, restrictionValues ?? []),
        };
    }

    private static DataTable Collections(IEnumerable<(string Name, int Restrictions)> collections)
    {
        DataTable table = new(DbMetaDataCollectionNames.MetaDataCollections) { Locale = CultureInfo.InvariantCulture };
        table.Columns.Add(DbMetaDataColumnNames.CollectionName, typeof(string));
        table.Columns.Add(DbMetaDataColumnNames.NumberOfRestrictions, typeof(int));
        table.Columns.Add(DbMetaDataColumnNames.NumberOfIdentifierParts, typeof(int));
        foreach ((string name, int count) in collections)
        {
            table.Rows.Add(name, count, count);
        }

        return table;
    }

    private static DataTable Restrictions(IEnumerable<(string Name, string[] Restrictions)> collections)
    {
        DataTable table = new(DbMetaDataCollectionNames.Restrictions) { Locale = CultureInfo.InvariantCulture };
        table.Columns.Add("CollectionName", typeof(string));
        table.Columns.Add("RestrictionName", typeof(string));
        table.Columns.Add("RestrictionNumber", typeof(int));
        foreach ((string name, string[] restrictions) in collections)
        {
            for (int number = 0; number < restrictions.Length; number++)
            {
                table.Rows.Add(name, restrictions[number], number + 1);
            }
        }

        return table;
    }

    /// <summary>On a shared instance there is one catalog of its own, and the TEMP objects, which DuckDB keeps apart by itself.</summary>
    private string OwnCatalogs(string column) => _catalog is null
        ? $"{column} <> 'system'"
        : $"{column} IN ({Sql.SqlQuote.Literal(_catalog)}, 'temp')";

    private DataTable Query(string name, string sql, string[] columns, string?[] values)
    {
        using FlussLakeCommand command = CreateCommand();
        for (int index = 0; index < values.Length; index++)
        {
            if (values[index] is { } value)
            {
                sql += $" AND {columns[index]} = $r{index}";
                command.Parameters.Add(new DuckDBParameter($"r{index}", value));
            }
        }

        command.CommandText = sql + " ORDER BY ALL";
        using FlussLakeDataReader reader = command.ExecuteReader();
        DataTable table = new(name) { Locale = CultureInfo.InvariantCulture };
        table.Load(reader);
        return table;
    }
}
