using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Write;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests.Write;

/// <summary>Rows get the buckets that Fluss's Java client gives them, for every type of bucket key and every lake format.</summary>
public sealed class BucketTests
{
    private static readonly string[] s_common =
        ["INT", "BIGINT", "FLOAT", "DOUBLE", "STRING", "CHAR(12)", "BYTES", "BINARY(3)", "DATE", "DECIMAL(12,2)", "DECIMAL(30,2)", "TIMESTAMP(3)", "TIMESTAMP(6)", "TIMESTAMP(9)"];

    public static TheoryData<string> Lakes => new("none", "paimon", "iceberg");

    [Theory]
    [MemberData(nameof(Lakes))]
    public async Task Every_key_goes_to_the_bucket_of_the_Java_client(string lake)
    {
        using KitCluster cluster = KitCluster.Start(new KitOptions { Lake = lake });
        cluster.Lab.CreateDatabase("shop");
        using FlussClient client = new(new FlussClientOptions { BootstrapServers = [cluster.Servers] });
        string[] further = lake switch
        {
            "none" => ["BOOLEAN", "TINYINT", "SMALLINT", "TIME(3)", "TIMESTAMP_LTZ(3)", "TIMESTAMP_LTZ(6)"],
            "paimon" => ["BOOLEAN", "TINYINT", "SMALLINT", "TIMESTAMP_LTZ(3)", "TIMESTAMP_LTZ(6)"],
            _ => ["TIME(3)"],
        };
        List<string> wrong = [];
        foreach (string type in s_common.Concat(further))
        {
            await CompareAsync(cluster, client, type, wrong);
        }

        Assert.Empty(wrong);
    }

    private static async Task CompareAsync(KitCluster cluster, FlussClient client, string type, List<string> wrong)
    {
        (object Lab, object Net)[] values = KeyValues.Of(type);
        LabTable table = LabTable.Unique("buckets") with
        {
            Columns = [new("id", "BIGINT NOT NULL"), new("k", type)],
            Buckets = 7,
            BucketKey = ["k"],

            // Iceberg cannot have such a key, but a table that is not tiered yet can.
            Lake = cluster.Options.Lake == "iceberg" && type is "FLOAT" or "DOUBLE" ? false : null,
        };
        try
        {
            cluster.Lab.CreateTable(table);
            cluster.Lab.Append(table, values.Select((value, i) => new object?[] { (long)i, value.Lab }));
        }
        catch (LabException failure)
        {
            wrong.Add($"{type}: {failure.Message}");
            return;
        }

        TableInfo info = await client.GetTableInfoAsync(new TablePath(table.Database, table.Name), TestContext.Current.CancellationToken);
        BucketAssigner assigner = BucketAssigner.Create(info)!;
        ObjectRow row = new(info.Path, info.Schema);
        IReadOnlyList<DumpedRow> rows = cluster.Lab.Dump(table);
        Assert.Equal(values.Length, rows.Count);
        foreach (DumpedRow dumped in rows)
        {
            int index = int.Parse(dumped.Values[0], null);
            row.Set([(long)index, values[index].Net]);
            int bucket = assigner.Bucket(row);
            if (bucket != dumped.Bucket)
            {
                wrong.Add($"{type} {values[index].Lab}: bucket {bucket}, not {dumped.Bucket}");
            }
        }
    }
}
