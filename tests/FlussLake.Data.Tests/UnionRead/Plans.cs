using FlussLake.Client;
using FlussLake.Client.Log;
using FlussLake.Client.Metadata;
using FlussLake.Data.Sessions;
using FlussLake.Data.UnionRead;
using FlussLake.Lake;

namespace FlussLake.Data.Tests.UnionRead;

/// <summary>Plans for tests that never fetch anything.</summary>
internal static class Plans
{
    public static UnionReadPlan Of(Session session, params FlussColumn[] columns) => new()
    {
        Session = session,
        Client = new FlussClient(new FlussClientOptions { BootstrapServers = ["127.0.0.1:1"] }),
        Nanoseconds = session.Settings.TimestampNanoseconds,
        Table = new TableInfo
        {
            Path = new TablePath("shop", "orders"),
            TableId = 1,
            BucketCount = 1,
            Schema = new TableSchema(1, columns, []),
        },
        Counts = new ReadCounts(new TablePath("shop", "orders")),
    };

    public static UnionReadPlan WithLog(this UnionReadPlan plan) => plan with { LogArms = [new LogArm([new LogRange(new TableBucket(1, null, 0), 10, 20)], [])] };

    public static UnionReadPlan WithLake(this UnionReadPlan plan, params (long SchemaId, LakeField[] Fields)[] files)
    {
        LakeScan lake = new()
        {
            SnapshotId = 3,
            Schema = new LakeSchema(files[^1].SchemaId, files[^1].Fields, [], []),
            Options = new Dictionary<string, string>(),
            FileSchemas = files.ToDictionary(file => file.SchemaId, file => new LakeSchema(file.SchemaId, file.Fields, [], [])),
            Files = [.. files.Select(file => new LakeFile
            {
                Path = $"/lake/{file.SchemaId}.parquet",
                SchemaId = file.SchemaId,
                Bucket = 0,
                RowCount = 5,
                SizeInBytes = 100,
                Partition = ReadOnlyMemory<byte>.Empty,
            })],
        };
        return plan with { LakeSnapshotId = 3, Lake = lake, LakeArms = LakeArms.Divide(plan.Table, lake, checkFiles: false) };
    }
}
