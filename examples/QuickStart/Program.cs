// One SQL statement over both halves of a Fluss table: what lies in the lake, and what only the log has yet.
// dotnet run --project examples/QuickStart

using System.Diagnostics;

using Dapper;

using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Data;
using FlussLake.Embedded;

using QuickStart;

// A Fluss of its own inside this process. In production this line goes, and the connection string names your cluster.
Stopwatch watch = Stopwatch.StartNew();
await using EmbeddedFluss fluss = await EmbeddedFluss.StartAsync();
Report.Step($"started an embedded Fluss on {fluss.BootstrapServers} in {watch.ElapsedMilliseconds} ms");

await using FlussLakeConnection connection = new($"Bootstrap Servers={fluss.BootstrapServers};Database=shop");
await connection.OpenAsync();

using FlussClient client = new(new FlussClientOptions { BootstrapServers = [fluss.BootstrapServers] });
TablePath table = new("shop", "orders");
await client.CreateDatabaseAsync("shop");
await client.CreateTableAsync(table, new TableDescriptor
{
    Columns =
    [
        new FlussColumn("order_id", FlussType.Parse("BIGINT NOT NULL"), 0),
        new FlussColumn("status", FlussType.Parse("STRING"), 1),
        new FlussColumn("amount", FlussType.Parse("DECIMAL(10, 2)"), 2),
        new FlussColumn("ordered_at", FlussType.Parse("TIMESTAMP(3)"), 3),
    ],
    BucketCount = 2,
    Properties = new Dictionary<string, string> { ["table.datalake.enabled"] = "true" },
});
Report.Step($"created table {table}");

// Orders arrive in the log, and are there for every reader as soon as the call returns.
FlussBulkCopy copy = new(connection) { DestinationTableName = "orders" };
await copy.WriteToServerAsync(Order.Some(from: 1, count: 1000));
Report.Step("appended orders 1 to 1000");

// What Fluss's tiering service does every few minutes: move what the log has into Parquet files of a Paimon table.
TieringResult tiered = await fluss.TierAsync(table);
Report.Step($"tiered {tiered.Rows} orders into the lake, snapshot {tiered.SnapshotId}");

await copy.WriteToServerAsync(Order.Some(from: 1001, count: 250));
Report.Step("appended orders 1001 to 1250");

// The main job: plain SQL through plain ADO.NET, here with Dapper. It sees every order exactly once.
const string Totals = """
    SELECT status, count(*) AS orders, sum(amount) AS amount
    FROM fluss_read('orders')
    GROUP BY status
    ORDER BY status
    """;
Report.Table(Totals, await connection.QueryAsync<StatusTotal>(Totals));

// Each half by itself, to show where the rows came from.
const string Halves = """
    SELECT 'lake' AS half, count(*) AS orders, min(order_id) AS first, max(order_id) AS last FROM fluss_read('orders$lake')
    UNION ALL
    SELECT 'log', count(*), min(order_id), max(order_id) FROM fluss_read('orders$log')
    """;
Report.Table(Halves, await connection.QueryAsync<TableHalf>(Halves));
