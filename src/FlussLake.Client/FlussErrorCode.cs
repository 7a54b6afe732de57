namespace FlussLake.Client;

/// <summary>
/// The error codes of the Fluss protocol. A server may send a code that is not listed here; it keeps its number.
/// Source: <c>fluss-rpc/src/main/java/org/apache/fluss/rpc/protocol/Errors.java</c>.
/// </summary>
public enum FlussErrorCode
{
    /// <summary>UNKNOWN_SERVER_ERROR.</summary>
    UnknownServerError = -1,

    /// <summary>NONE.</summary>
    None = 0,

    /// <summary>NETWORK_EXCEPTION, retriable.</summary>
    NetworkFailure = 1,

    /// <summary>UNSUPPORTED_VERSION.</summary>
    UnsupportedVersion = 2,

    /// <summary>CORRUPT_MESSAGE, retriable.</summary>
    CorruptMessage = 3,

    /// <summary>DATABASE_NOT_EXIST.</summary>
    DatabaseNotExist = 4,

    /// <summary>DATABASE_NOT_EMPTY.</summary>
    DatabaseNotEmpty = 5,

    /// <summary>DATABASE_ALREADY_EXIST.</summary>
    DatabaseAlreadyExist = 6,

    /// <summary>TABLE_NOT_EXIST.</summary>
    TableNotExist = 7,

    /// <summary>TABLE_ALREADY_EXIST.</summary>
    TableAlreadyExist = 8,

    /// <summary>SCHEMA_NOT_EXIST, retriable.</summary>
    SchemaNotExist = 9,

    /// <summary>LOG_STORAGE_EXCEPTION, retriable.</summary>
    LogStorageFailure = 10,

    /// <summary>KV_STORAGE_EXCEPTION, retriable.</summary>
    KvStorageFailure = 11,

    /// <summary>NOT_LEADER_OR_FOLLOWER, retriable.</summary>
    NotLeaderOrFollower = 12,

    /// <summary>RECORD_TOO_LARGE.</summary>
    RecordTooLarge = 13,

    /// <summary>CORRUPT_RECORD, retriable.</summary>
    CorruptRecord = 14,

    /// <summary>INVALID_TABLE.</summary>
    InvalidTable = 15,

    /// <summary>INVALID_DATABASE.</summary>
    InvalidDatabase = 16,

    /// <summary>INVALID_REPLICATION_FACTOR.</summary>
    InvalidReplicationFactor = 17,

    /// <summary>INVALID_REQUIRED_ACKS.</summary>
    InvalidRequiredAcks = 18,

    /// <summary>LOG_OFFSET_OUT_OF_RANGE.</summary>
    LogOffsetOutOfRange = 19,

    /// <summary>NON_PRIMARY_KEY_TABLE.</summary>
    NonPrimaryKeyTable = 20,

    /// <summary>UNKNOWN_TABLE_OR_BUCKET, retriable.</summary>
    UnknownTableOrBucket = 21,

    /// <summary>INVALID_UPDATE_VERSION.</summary>
    InvalidUpdateVersion = 22,

    /// <summary>INVALID_COORDINATOR.</summary>
    InvalidCoordinator = 23,

    /// <summary>FENCED_LEADER_EPOCH.</summary>
    FencedLeaderEpoch = 24,

    /// <summary>REQUEST_TIME_OUT, retriable.</summary>
    RequestTimeout = 25,

    /// <summary>STORAGE_EXCEPTION, retriable.</summary>
    StorageFailure = 26,

    /// <summary>OPERATION_NOT_ATTEMPTED.</summary>
    OperationNotAttempted = 27,

    /// <summary>NOT_ENOUGH_REPLICAS_AFTER_APPEND, retriable.</summary>
    NotEnoughReplicasAfterAppend = 28,

    /// <summary>NOT_ENOUGH_REPLICAS, retriable.</summary>
    NotEnoughReplicas = 29,

    /// <summary>SECURITY_TOKEN_EXCEPTION.</summary>
    SecurityTokenFailure = 30,

    /// <summary>OUT_OF_ORDER_SEQUENCE.</summary>
    OutOfOrderSequence = 31,

    /// <summary>DUPLICATE_SEQUENCE.</summary>
    DuplicateSequence = 32,

    /// <summary>UNKNOWN_WRITER_ID.</summary>
    UnknownWriterId = 33,

    /// <summary>INVALID_COLUMN_PROJECTION.</summary>
    InvalidColumnProjection = 34,

    /// <summary>INVALID_TARGET_COLUMN.</summary>
    InvalidTargetColumn = 35,

    /// <summary>PARTITION_NOT_EXISTS.</summary>
    PartitionNotExists = 36,

    /// <summary>TABLE_NOT_PARTITIONED.</summary>
    TableNotPartitioned = 37,

    /// <summary>INVALID_TIMESTAMP.</summary>
    InvalidTimestamp = 38,

    /// <summary>INVALID_CONFIG.</summary>
    InvalidConfig = 39,

    /// <summary>LAKE_STORAGE_NOT_CONFIGURED.</summary>
    LakeStorageNotConfigured = 40,

    /// <summary>KV_SNAPSHOT_NOT_EXIST.</summary>
    KvSnapshotNotExist = 41,

    /// <summary>PARTITION_ALREADY_EXISTS.</summary>
    PartitionAlreadyExists = 42,

    /// <summary>PARTITION_SPEC_INVALID.</summary>
    PartitionSpecInvalid = 43,

    /// <summary>LEADER_NOT_AVAILABLE, retriable.</summary>
    LeaderNotAvailable = 44,

    /// <summary>PARTITION_MAX_NUM.</summary>
    PartitionMaxNum = 45,

    /// <summary>AUTHENTICATE_EXCEPTION.</summary>
    AuthenticationFailed = 46,

    /// <summary>SECURITY_DISABLED.</summary>
    SecurityDisabled = 47,

    /// <summary>AUTHORIZATION_EXCEPTION.</summary>
    AuthorizationFailed = 48,

    /// <summary>BUCKET_MAX_NUM.</summary>
    BucketMaxNum = 49,

    /// <summary>FENCED_TIERING_EPOCH.</summary>
    FencedTieringEpoch = 50,

    /// <summary>RETRIABLE_AUTHENTICATE.</summary>
    RetriableAuthentication = 51,

    /// <summary>INVALID_SERVER_RACK_INFO.</summary>
    InvalidServerRackInfo = 52,

    /// <summary>LAKE_SNAPSHOT_NOT_EXIST.</summary>
    LakeSnapshotNotExist = 53,

    /// <summary>LAKE_TABLE_ALREADY_EXIST.</summary>
    LakeTableAlreadyExist = 54,

    /// <summary>INELIGIBLE_REPLICA.</summary>
    IneligibleReplica = 55,

    /// <summary>INVALID_ALTER_TABLE.</summary>
    InvalidAlterTable = 56,

    /// <summary>DELETION_DISABLED.</summary>
    DeletionDisabled = 57,

    /// <summary>SERVER_NOT_EXIST.</summary>
    ServerNotExist = 58,

    /// <summary>SERVER_TAG_ALREADY_EXIST.</summary>
    ServerTagAlreadyExist = 59,

    /// <summary>SERVER_TAG_NOT_EXIST.</summary>
    ServerTagNotExist = 60,

    /// <summary>REBALANCE_FAILURE.</summary>
    RebalanceFailure = 61,

    /// <summary>NO_REBALANCE_IN_PROGRESS.</summary>
    NoRebalanceInProgress = 62,

    /// <summary>INVALID_PRODUCER_ID.</summary>
    InvalidProducerId = 63,

    /// <summary>CONFIG_EXCEPTION.</summary>
    ConfigFailure = 64,

    /// <summary>NOT_COORDINATOR_LEADER.</summary>
    NotCoordinatorLeader = 65,

    /// <summary>SCANNER_EXPIRED.</summary>
    ScannerExpired = 66,

    /// <summary>UNKNOWN_SCANNER_ID.</summary>
    UnknownScannerId = 67,

    /// <summary>INVALID_SCAN_REQUEST.</summary>
    InvalidScanRequest = 68,

    /// <summary>TOO_MANY_SCANNERS.</summary>
    TooManyScanners = 69,

    /// <summary>DISK_WRITE_LOCKED, retriable.</summary>
    DiskWriteLocked = 70,

    /// <summary>INSUFFICIENT_KV_LEADER_REPLICA_CAPACITY.</summary>
    InsufficientKvLeaderReplicaCapacity = 71,

    /// <summary>STORAGE_BACKPRESSURE, retriable.</summary>
    StorageBackpressure = 72,

    /// <summary>HISTORICAL_PARTITION_THROTTLED, retriable.</summary>
    HistoricalPartitionThrottled = 73,
}
