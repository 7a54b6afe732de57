using System.Data.Common;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests;

/// <summary>A cluster that wants user and password.</summary>
public sealed partial class SaslTests(SaslCluster sasl) : ClusterTest(sasl)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    [Fact]
    public void The_right_password_reads()
    {
        LabTable table = CreateLog();
        using DbConnection connection = Open($"User ID={SaslCluster.RootUser};Password={SaslCluster.RootPassword}");
        RowSet.AssertEqual(Dump(table), connection.ReadTable(table));
    }

    [Theory]
    [InlineData($"User ID={SaslCluster.RootUser};Password=wrong-Secret-1", "wrong-Secret-1")]
    [InlineData("User ID=nobody;Password=other-Secret-2", "other-Secret-2")]
    [InlineData("User ID=guest;Password=guest-secret", "guest-secret")]
    [InlineData("", "kit-secret")]
    public void Who_may_not_read_is_told_so_and_no_password_is_shown(string credentials, string secret)
    {
        LabTable table = CreateLog();
        Exception failure = Deadline.Throws<DbException>(s_limit, () =>
        {
            using DbConnection connection = Open($"Command Timeout=10;{credentials}");
            connection.ReadTable(table);
        });
        Assert.True(Provider.IsOwn(failure), failure.ToString());
        Assert.DoesNotContain(secret, failure.ToString(), StringComparison.Ordinal);
        Assert.False(failure is DbException { IsTransient: true }, failure.ToString());
    }

    [Fact]
    public void Credentials_do_not_go_to_servers_that_the_connection_string_does_not_name()
    {
        LabTable table = CreateLog();
        using DbConnection connection = OpenAt($"Bootstrap Servers=127.0.0.1:1;Database=shop;User ID={SaslCluster.RootUser};Password={SaslCluster.RootPassword};Command Timeout=10");
        Exception failure = Deadline.Throws<DbException>(s_limit, () => connection.ReadTexts($"SELECT * FROM fluss_read('{Cluster.Servers}', 'shop', '{table.Name}')"));
        Assert.True(Provider.IsOwn(failure), failure.ToString());
    }

    private LabTable CreateLog()
    {
        LabTable table = Create(LabTable.Unique("guarded"));
        Lab.Generate(table, 20);
        return table;
    }
}
