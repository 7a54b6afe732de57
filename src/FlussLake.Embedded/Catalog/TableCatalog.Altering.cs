using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.State;

namespace FlussLake.Embedded.Catalog;

internal sealed partial class TableCatalog
{
    /// <summary>Sets properties, or takes them away where the value is null.</summary>
    public void AlterProperties(TablePath path, IReadOnlyList<KeyValuePair<string, string?>> changes, bool ignoreIfNotExists)
    {
        lock (_gate)
        {
            if (!TryFindToAlter(path, ignoreIfNotExists, out TableEntry? table))
            {
                return;
            }

            RequireAlterable(table!, changes);
            TableDescriptor changed = Change(table!.Descriptor, changes);
            if (Same(changed.Properties, table.Descriptor.Properties) && Same(changed.CustomProperties, table.Descriptor.CustomProperties))
            {
                return;
            }

            _rules.Require(path, changed);
            TableEntry altered = table with { Descriptor = changed, ModifiedTime = Now };
            if (altered.IsLakeEnabled && !table.IsLakeEnabled)
            {
                CreateLakeTable(altered, isNew: !WasTiered(altered.TableId));
            }

            Writer.Execute(connection => connection.Run("UPDATE tables SET json = $1, modified = $2 WHERE id = $0", altered.TableId, TableJson.Write(changed), altered.ModifiedTime));
            Show(altered);
        }
    }

    /// <summary>Adds columns after the last one, which makes one new schema.</summary>
    public void AddColumns(TablePath path, IReadOnlyList<FlussColumn> added, bool ignoreIfNotExists)
    {
        lock (_gate)
        {
            if (!TryFindToAlter(path, ignoreIfNotExists, out TableEntry? table))
            {
                return;
            }

            IReadOnlyList<FlussColumn> known = table!.Descriptor.Columns;
            HashSet<string> names = new(known.Select(column => column.Name), StringComparer.Ordinal);
            foreach (FlussColumn column in added)
            {
                RequireAddable(path, names, column);
            }

            List<FlussColumn> columns = [.. known, .. ColumnIds.Next(known, added)];
            TableSchema schema = new(table.LatestSchema.Schema.SchemaId + 1, columns, []);
            if (schema.SchemaId > TableRules.MaxSchemaId)
            {
                throw TableErrors.CannotAlter(path, $"it has had {TableRules.MaxSchemaId} schemas, which is the most");
            }

            TableEntry altered = table with { Descriptor = table.Descriptor with { Columns = columns }, Schemas = table.Schemas.Add(new StoredSchema(schema)) };
            if (altered.IsLakeEnabled)
            {
                ChangeLake(altered, () => context.Lake.AddColumns(Info(altered)));
            }

            Writer.Execute(connection =>
            {
                connection.Run("INSERT INTO schemas(table_id, schema_id, json) VALUES($0, $1, $2)", altered.TableId, schema.SchemaId, altered.LatestSchema.Json);
                connection.Run("UPDATE tables SET json = $1 WHERE id = $0", altered.TableId, TableJson.Write(altered.Descriptor));
            });
            Show(altered);
        }
    }

    private bool WasTiered(long tableId) => context.Store.Read(connection => connection.Rows("SELECT 1 FROM lake_snapshots WHERE table_id = $0 LIMIT 1", _ => true, tableId)).Count > 0;

    private bool TryFindToAlter(TablePath path, bool ignoreIfNotExists, out TableEntry? table) =>
        _tables.TryGetValue(path, out table) || (ignoreIfNotExists ? false : throw TableErrors.NoTable(path));

    private static void RequireAlterable(TableEntry table, IReadOnlyList<KeyValuePair<string, string?>> changes)
    {
        foreach ((string key, string? _) in changes)
        {
            if (TableProperties.IsTableProperty(key) && !TableProperties.IsAlterable(key))
            {
                throw TableErrors.CannotAlter(table.Path, $"the property {key} stays as it was at creation");
            }

            if (!TableProperties.IsTableProperty(key) && table.IsLakeEnabled && key.StartsWith("paimon.", StringComparison.Ordinal))
            {
                throw TableProperties.Invalid(table.Path, key, "it is an option of the lake table, which stays as it was made");
            }
        }
    }

    private static TableDescriptor Change(TableDescriptor table, IReadOnlyList<KeyValuePair<string, string?>> changes)
    {
        Dictionary<string, string> properties = new(table.Properties, StringComparer.Ordinal);
        Dictionary<string, string> custom = new(table.CustomProperties, StringComparer.Ordinal);
        foreach ((string key, string? value) in changes)
        {
            Dictionary<string, string> owner = TableProperties.IsTableProperty(key) ? properties : custom;
            if (value is null)
            {
                owner.Remove(key);
            }
            else
            {
                owner[key] = value;
            }
        }

        return table with { Properties = properties, CustomProperties = custom };
    }

    private static bool Same(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out string? value) && value == pair.Value);

    private static void RequireAddable(TablePath path, HashSet<string> names, FlussColumn added)
    {
        if (!names.Add(added.Name))
        {
            throw TableErrors.CannotAlter(path, $"there is a column {added.Name} already");
        }

        if (added.Name.Length == 0 || TableRules.IsReserved(added.Name))
        {
            throw TableErrors.CannotAlter(path, $"'{added.Name}' cannot be the name of a column");
        }

        // The real server has no code of its own for this.
        if (!added.Type.IsNullable)
        {
            throw new FlussException($"Table {path} cannot be altered: column {added.Name} must be nullable, since the rows that are there lack it.", FlussErrorCode.UnknownServerError);
        }
    }
}
