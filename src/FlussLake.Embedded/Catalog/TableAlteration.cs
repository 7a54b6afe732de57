using System.Text.Json;

using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;

namespace FlussLake.Embedded.Catalog;

/// <summary>Takes AlterTable requests apart: properties are set and taken away, or columns are added at the end. Servers do nothing else.</summary>
internal static class TableAlteration
{
    private const int Set = 0;
    private const int Delete = 1;
    private const int Last = 0;

    public static void Apply(TableCatalog catalog, AlterTableRequest request)
    {
        TablePath path = CatalogService.ToPath(request.TablePath);
        Names.RequireTable(path);
        bool changesSchema = request.AddColumns.Count + request.DropColumns.Count + request.RenameColumns.Count + request.ModifyColumns.Count > 0;
        List<KeyValuePair<string, string?>> properties = [.. request.ConfigChanges.Select(change => ToProperty(path, change))];
        if (changesSchema && properties.Count > 0)
        {
            throw TableErrors.CannotAlter(path, "a request changes its columns or its properties, not both");
        }

        if (changesSchema)
        {
            catalog.AddColumns(path, Columns(path, request), request.IgnoreIfNotExists);
        }
        else if (properties.Count > 0)
        {
            catalog.AlterProperties(path, properties, request.IgnoreIfNotExists);
        }
    }

    private static KeyValuePair<string, string?> ToProperty(TablePath path, PbAlterConfig change) => change.OpType switch
    {
        Set when change.HasConfigValue => new(change.ConfigKey, change.ConfigValue),
        Delete => new(change.ConfigKey, null),
        _ => throw Unknown(path, $"the property {change.ConfigKey} can only be set to a value or taken away"),
    };

    private static List<FlussColumn> Columns(TablePath path, AlterTableRequest request)
    {
        if (request.DropColumns.Count + request.RenameColumns.Count + request.ModifyColumns.Count > 0)
        {
            throw Unknown(path, "columns can only be added");
        }

        List<FlussColumn> columns = [];
        foreach (PbAddColumn added in request.AddColumns)
        {
            if (added.ColumnPositionType != Last)
            {
                throw Unknown(path, $"column {added.ColumnName} can only be added after the last one");
            }

            columns.Add(new FlussColumn(added.ColumnName, ReadType(path, added), -1) { Comment = added.HasComment ? added.Comment : null });
        }

        return columns;
    }

    private static FlussType ReadType(TablePath path, PbAddColumn added)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(added.DataTypeJson.Memory, new JsonDocumentOptions { MaxDepth = 256 });
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? TypeJson.Read(json.RootElement, path.ToString(), added.ColumnName)
                : throw Unknown(path, $"the type of column {added.ColumnName} is not a JSON object");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not UTF-8, or half a surrogate pair.
            throw Unknown(path, $"the type of column {added.ColumnName} is not JSON: {exception.Message}");
        }
    }

    // The real server has no code of its own for these.
    private static FlussException Unknown(TablePath path, string why) => new($"Table {path} cannot be altered: {why}.", FlussErrorCode.UnknownServerError);
}
