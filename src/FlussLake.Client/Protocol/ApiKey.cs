namespace FlussLake.Client.Protocol;

/// <summary>The requests that this client sends, by their numbers on the wire.</summary>
internal enum ApiKey : short
{
    ApiVersions = 1000,
    ListDatabases = 1003,
    DatabaseExists = 1004,
    GetTableInfo = 1007,
    ListTables = 1008,
    ListPartitionInfos = 1009,
    TableExists = 1010,
    GetTableSchema = 1011,
    Metadata = 1012,
    FetchLog = 1015,
    ListOffsets = 1021,
    GetLakeSnapshot = 1032,
    Authenticate = 1038,
}
