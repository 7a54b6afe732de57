#pragma warning disable CA1008 // The numbers are those of the wire; there is no request 0.
namespace FlussLake.Embedded.Faults;

/// <summary>The requests that faults can be scripted for, by their numbers on the wire.</summary>
public enum FlussApi
{
    /// <summary>The first request of every connection: which requests does the server serve?</summary>
    ApiVersions = 1000,

    /// <summary>Makes a database.</summary>
    CreateDatabase = 1001,

    /// <summary>Drops a database.</summary>
    DropDatabase = 1002,

    /// <summary>Lists the databases.</summary>
    ListDatabases = 1003,

    /// <summary>Asks whether a database exists.</summary>
    DatabaseExists = 1004,

    /// <summary>Makes a table.</summary>
    CreateTable = 1005,

    /// <summary>Drops a table.</summary>
    DropTable = 1006,

    /// <summary>Describes a table.</summary>
    GetTableInfo = 1007,

    /// <summary>Lists the tables of a database.</summary>
    ListTables = 1008,

    /// <summary>Lists the partitions of a table.</summary>
    ListPartitionInfos = 1009,

    /// <summary>Asks whether a table exists.</summary>
    TableExists = 1010,

    /// <summary>Reads one version of a table's schema.</summary>
    GetTableSchema = 1011,

    /// <summary>Names the servers and the leaders of buckets.</summary>
    Metadata = 1012,

    /// <summary>Appends to logs.</summary>
    ProduceLog = 1014,

    /// <summary>Reads logs.</summary>
    FetchLog = 1015,

    /// <summary>Reads the first, last or timed offsets of buckets.</summary>
    ListOffsets = 1021,

    /// <summary>Gives a writer its id.</summary>
    InitWriter = 1026,

    /// <summary>Registers a lake snapshot.</summary>
    CommitLakeTableSnapshot = 1030,

    /// <summary>Reads a lake snapshot's offsets.</summary>
    GetLakeSnapshot = 1032,

    /// <summary>Reads the last rows of a bucket.</summary>
    LimitScan = 1033,

    /// <summary>Describes a database.</summary>
    GetDatabaseInfo = 1035,

    /// <summary>Makes a partition.</summary>
    CreatePartition = 1036,

    /// <summary>Drops a partition.</summary>
    DropPartition = 1037,

    /// <summary>Proves who the client is.</summary>
    Authenticate = 1038,

    /// <summary>Changes a table.</summary>
    AlterTable = 1044,

    /// <summary>Writes the offsets of a lake snapshot that is to be registered.</summary>
    PrepareLakeTableSnapshot = 1052,

    /// <summary>Counts the rows of buckets.</summary>
    GetTableStats = 1059,
}
