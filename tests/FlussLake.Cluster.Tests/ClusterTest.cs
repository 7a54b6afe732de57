using System.Data.Common;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests;

/// <summary>What tests on a cluster share.</summary>
public abstract class ClusterTest(ClusterFixture fixture)
{
    protected KitCluster Cluster { get; } = fixture.Cluster;

    protected Lab Lab => Cluster.Lab;

    /// <summary>A connection string for the cluster and the tests' database, with further keys after it.</summary>
    protected string ConnectionString(string more = "") => $"Bootstrap Servers={Cluster.Servers};Database=shop;{more}";

    /// <summary>An open connection to the cluster and the tests' database.</summary>
    protected DbConnection Open(string more = "") => OpenAt(ConnectionString(more));

    protected static DbConnection OpenAt(string connectionString)
    {
        DbConnection connection = Provider.Create(connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    protected LabTable Create(LabTable table)
    {
        Lab.CreateTable(table);
        return table;
    }

    /// <summary>A table with rows 0 to 149, of which the first 100 are in the lake.</summary>
    protected LabTable CreateHalfTiered(string name = "orders", int buckets = 1)
    {
        LabTable table = Create(LabTable.Unique(name) with { Buckets = buckets, BucketKey = buckets > 1 ? ["id"] : [] });
        Lab.Generate(table, 100);
        Lab.Tier(table);
        Lab.Generate(table, 50, from: 100);
        return table;
    }

    /// <summary>The table as the provider reads it, whole, equals the Java client's dump; and each row is in exactly one of its halves.</summary>
    protected void AssertSameAsDump(LabTable table, string more = "")
    {
        using DbConnection connection = Open(more);
        AssertSameAsDump(connection, table);
    }

    protected void AssertSameAsDump(DbConnection connection, LabTable table)
    {
        List<string> dump = Dump(table);
        RowSet.AssertEqual(dump, connection.ReadTable(table), $"The rows of {table.Path}");
        RowSet.AssertEqual(dump, [.. connection.ReadTable(table, "$lake"), .. connection.ReadTable(table, "$log")], $"The halves of {table.Path} together");
    }

    protected List<string> Dump(LabTable table) => [.. Lab.Dump(table).Select(row => row.Text)];
}
