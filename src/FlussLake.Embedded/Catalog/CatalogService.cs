using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Rpc;

using Google.Protobuf;

namespace FlussLake.Embedded.Catalog;

/// <summary>The requests for databases, tables and partitions.</summary>
internal sealed class CatalogService(TableCatalog catalog)
{
    /// <summary>What every server answers.</summary>
    public void RegisterReading(ApiSet apis) => apis
        .Serve(ApiKey.ListDatabases, ListDatabasesRequest.Parser, ListDatabases)
        .Serve(ApiKey.DatabaseExists, DatabaseExistsRequest.Parser, request => new DatabaseExistsResponse { Exists = catalog.FindDatabase(request.DatabaseName) is not null })
        .Serve(ApiKey.GetDatabaseInfo, GetDatabaseInfoRequest.Parser, GetDatabaseInfo)
        .Serve(ApiKey.ListTables, ListTablesRequest.Parser, request => new ListTablesResponse { TableName = { catalog.Tables(request.DatabaseName) } })
        .Serve(ApiKey.TableExists, TableExistsRequest.Parser, request => new TableExistsResponse { Exists = catalog.Find(ToPath(request.TablePath)) is not null })
        .Serve(ApiKey.GetTableInfo, GetTableInfoRequest.Parser, GetTableInfo)
        .Serve(ApiKey.GetTableSchema, GetTableSchemaRequest.Parser, GetTableSchema)
        .Serve(ApiKey.ListPartitionInfos, ListPartitionInfosRequest.Parser, ListPartitionInfos)
        // Files are on this machine's own disk: there is no token, and none is needed.
        .Serve(ApiKey.GetFileSystemSecurityToken, GetFileSystemSecurityTokenRequest.Parser, _ => new GetFileSystemSecurityTokenResponse { Schema = "file", Token = ByteString.Empty });

    /// <summary>What the coordinator alone does.</summary>
    public void RegisterChanging(ApiSet apis) => apis
        .Serve(ApiKey.CreateDatabase, CreateDatabaseRequest.Parser, request =>
        {
            catalog.CreateDatabase(request.DatabaseName, request.HasDatabaseJson ? request.DatabaseJson.ToByteArray() : null, request.IgnoreIfExists);
            return new CreateDatabaseResponse();
        })
        .Serve(ApiKey.DropDatabase, DropDatabaseRequest.Parser, request =>
        {
            catalog.DropDatabase(request.DatabaseName, request.IgnoreIfNotExists, request.Cascade);
            return new DropDatabaseResponse();
        })
        .Serve(ApiKey.CreateTable, CreateTableRequest.Parser, request =>
        {
            catalog.CreateTable(ToPath(request.TablePath), request.TableJson.Memory, request.IgnoreIfExists);
            return new CreateTableResponse();
        })
        .Serve(ApiKey.DropTable, DropTableRequest.Parser, request =>
        {
            catalog.DropTable(ToPath(request.TablePath), request.IgnoreIfNotExists);
            return new DropTableResponse();
        })
        .Serve(ApiKey.AlterTable, AlterTableRequest.Parser, request =>
        {
            TableAlteration.Apply(catalog, request);
            return new AlterTableResponse();
        })
        .Serve(ApiKey.CreatePartition, CreatePartitionRequest.Parser, request =>
        {
            catalog.CreatePartition(ToPath(request.TablePath), ToValues(request.PartitionSpec), request.IgnoreIfExists);
            return new CreatePartitionResponse();
        })
        .Serve(ApiKey.DropPartition, DropPartitionRequest.Parser, request =>
        {
            catalog.DropPartition(ToPath(request.TablePath), ToValues(request.PartitionSpec), request.IgnoreIfNotExists);
            return new DropPartitionResponse();
        });

    public static TablePath ToPath(PbTablePath path) => new(path.DatabaseName, path.TableName);

    private static Dictionary<string, string> ToValues(PbPartitionSpec spec)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (PbKeyValue pair in spec.PartitionKeyValues)
        {
            values[pair.Key] = pair.Value;
        }

        return values;
    }

    private ListDatabasesResponse ListDatabases(ListDatabasesRequest request)
    {
        ListDatabasesResponse response = new();
        foreach ((DatabaseEntry database, int tables) in catalog.Databases())
        {
            if (request.IncludeSummary)
            {
                response.DatabaseSummary.Add(new PbDatabaseSummary { DatabaseName = database.Name, CreatedTime = database.CreatedTime, TableCount = tables });
            }
            else
            {
                response.DatabaseName.Add(database.Name);
            }
        }

        return response;
    }

    private GetDatabaseInfoResponse GetDatabaseInfo(GetDatabaseInfoRequest request)
    {
        DatabaseEntry database = catalog.FindDatabase(request.DatabaseName) ?? throw TableErrors.NoDatabase(request.DatabaseName);
        return new GetDatabaseInfoResponse { DatabaseJson = ByteString.CopyFrom(database.Json), CreatedTime = database.CreatedTime, ModifiedTime = database.ModifiedTime };
    }

    private GetTableInfoResponse GetTableInfo(GetTableInfoRequest request)
    {
        TableEntry table = catalog.Get(ToPath(request.TablePath));
        return new GetTableInfoResponse
        {
            TableId = table.TableId,
            SchemaId = table.LatestSchema.Schema.SchemaId,
            TableJson = ByteString.CopyFrom(TableJson.Write(table.Shown(catalog.LakeProperties))),
            CreatedTime = table.CreatedTime,
            ModifiedTime = table.ModifiedTime,
        };
    }

    private GetTableSchemaResponse GetTableSchema(GetTableSchemaRequest request)
    {
        TableEntry table = catalog.Get(ToPath(request.TablePath));
        StoredSchema schema = request.HasSchemaId
            ? table.FindSchema(request.SchemaId) ?? throw new FlussException($"Table {table.Path} has no schema {request.SchemaId}: 1 to {table.Schemas.Length} are.", FlussErrorCode.SchemaNotExist)
            : table.LatestSchema;
        return new GetTableSchemaResponse { SchemaId = schema.Schema.SchemaId, SchemaJson = ByteString.CopyFrom(schema.Json) };
    }

    private ListPartitionInfosResponse ListPartitionInfos(ListPartitionInfosRequest request)
    {
        TableEntry table = catalog.GetPartitioned(ToPath(request.TablePath));
        Dictionary<string, string> wanted = request.PartialPartitionSpec is { } spec ? ToValues(spec) : [];
        ListPartitionInfosResponse response = new();
        foreach ((string name, long id) in table.Partitions)
        {
            if (PartitionNames.Matches(table, name, wanted))
            {
                PbPartitionSpec values = new();
                foreach ((string key, string value) in table.Descriptor.PartitionKeys.Zip(PartitionNames.Split(name)))
                {
                    values.PartitionKeyValues.Add(new PbKeyValue { Key = key, Value = value });
                }

                response.PartitionInfos.Add(new PbPartitionInfo { PartitionId = id, PartitionSpec = values });
            }
        }

        return response;
    }
}
