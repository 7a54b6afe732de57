namespace FlussLake.Client.Protocol;

/// <summary>The requests that this client sends or the embedded server answers, by their numbers on the wire.</summary>
internal enum ApiKey : short
{
    ApiVersions = 1000,
    CreateDatabase = 1001,
    DropDatabase = 1002,
    ListDatabases = 1003,
    DatabaseExists = 1004,
    CreateTable = 1005,
    DropTable = 1006,
    GetTableInfo = 1007,
    ListTables = 1008,
    ListPartitionInfos = 1009,
    TableExists = 1010,
    GetTableSchema = 1011,
    Metadata = 1012,
    ProduceLog = 1014,
    FetchLog = 1015,
    ListOffsets = 1021,
    GetFileSystemSecurityToken = 1025,
    InitWriter = 1026,
    CommitLakeTableSnapshot = 1030,
    GetLakeSnapshot = 1032,
    LimitScan = 1033,
    GetDatabaseInfo = 1035,
    CreatePartition = 1036,
    DropPartition = 1037,
    Authenticate = 1038,
    AlterTable = 1044,
    PrepareLakeTableSnapshot = 1052,
    GetTableStats = 1059,
}
