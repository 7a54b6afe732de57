using System.Data.Common;
using Dapper;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests;

/// <summary>Servers that stop answering or end in the middle of a query: an error in time that names the server, and a connection that works again when the server does.</summary>
public sealed partial class FaultTests(FaultyCluster faulty) : ClusterTest(faulty), IDisposable
{
    private const int TimeoutSeconds = 3;
    private const string Tablet = "tablet-0";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(TimeoutSeconds + 4);
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(60);
    private static LabTable? s_big;

    [Fact]
    public void A_server_that_stops_answering_before_a_query_is_named_within_the_timeout()
    {
        LabTable table = Create(LabTable.Unique("small"));
        Lab.Generate(table, 10);
        using DbConnection connection = Open($"Command Timeout={TimeoutSeconds}");
        AssertSameAsDump(connection, table);

        WhileStopped(() => AssertNamesServer(Deadline.Throws<DbException>(s_limit, () => connection.ReadTable(table))));

        AssertWorksAgain(connection, table);
        AssertSameAsDump(connection, table);
    }

    [Fact]
    public void A_server_that_stops_answering_in_the_middle_of_a_query_is_named_within_the_timeout()
    {
        LabTable table = CreateBig();
        using DbConnection connection = Open($"Command Timeout={TimeoutSeconds}");
        using (DbDataReader reader = connection.OpenReader($"SELECT * FROM fluss_read('{table.Name}')"))
        {
            Assert.True(reader.Read());
            WhileStopped(() => AssertNamesServer(Deadline.Throws<DbException>(s_limit * 2, () => ReadOn(reader))));
        }

        AssertWorksAgain(connection, table);
    }

    [Fact]
    public void A_server_that_is_killed_in_the_middle_of_a_query_is_named_within_the_timeout()
    {
        LabTable table = CreateBig();
        using DbConnection connection = Open($"Command Timeout={TimeoutSeconds}");
        using (DbDataReader reader = connection.OpenReader($"SELECT * FROM fluss_read('{table.Name}')"))
        {
            Assert.True(reader.Read());
            Cluster.Signal(Tablet, "KILL");
            try
            {
                AssertNamesServer(Deadline.Throws<DbException>(s_limit * 2, () => ReadOn(reader)));
            }
            finally
            {
                Cluster.Restart(Tablet);
            }
        }

        AssertWorksAgain(connection, table);
    }

    [Fact]
    public async Task A_cancelled_query_ends_at_once_while_its_server_does_not_answer()
    {
        LabTable table = Create(LabTable.Unique("small"));
        Lab.Generate(table, 10);
        await using DbConnection connection = Open("Command Timeout=30");
        AssertSameAsDump(connection, table);
        Cluster.Signal(Tablet, "STOP");
        try
        {
            using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            Task query = connection.QueryAsync(new CommandDefinition($"SELECT * FROM fluss_read('{table.Name}')", cancellationToken: cancel.Token));
            Assert.False(query.IsCompleted);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query.WaitAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken));
        }
        finally
        {
            Cluster.Signal(Tablet, "CONT");
        }

        AssertWorksAgain(connection, table);
    }

    private static void ReadOn(DbDataReader reader)
    {
        while (reader.Read())
        {
        }
    }

    private void WhileStopped(Action work)
    {
        Cluster.Signal(Tablet, "STOP");
        try
        {
            work();
        }
        finally
        {
            Cluster.Signal(Tablet, "CONT");
        }
    }

    /// <summary>The next test must not find the servers as this one left them.</summary>
    public void Dispose()
    {
        LabTable table = Create(LabTable.Unique("recovered"));
        Lab.Generate(table, 1);
        using DbConnection connection = Open();
        AssertWorksAgain(connection, table);
        if (s_big is not null)
        {
            AssertWorksAgain(connection, s_big);
        }
    }

    private void AssertNamesServer(Exception failure)
    {
        Assert.True(Provider.IsOwn(failure), failure.ToString());
        Assert.Contains($"127.0.0.1:{Cluster.Port + 1}", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A restarted server needs a while until it leads its buckets again; then the same connection reads all rows.</summary>
    private void AssertWorksAgain(DbConnection connection, LabTable table)
    {
        Exception? last = null;
        bool works = Eventually.True(
            () =>
            {
                try
                {
                    long rows = Lab.Offsets(table).Values.Sum(bucket => bucket.Latest);
                    return connection.ExecuteScalar<long>($"SELECT count(*) FROM fluss_read('{table.Name}')") == rows;
                }
                catch (Exception failure) when (failure is DbException or LabException)
                {
                    last = failure;
                    return false;
                }
            },
            s_recovery);
        Assert.True(works, $"The connection does not work again: {last}");
    }

    // Uncompressed and larger than any read-ahead, so that a query is in its middle after the first row.
    private LabTable CreateBig()
    {
        if (s_big is not null)
        {
            return s_big;
        }

        LabTable table = Create(LabTable.Unique("big") with
        {
            Columns = [new("id", "BIGINT NOT NULL"), .. Enumerable.Range(0, 12).Select(i => new LabColumn($"text{i}", "STRING"))],
            Lake = false,
            Properties = new Dictionary<string, string> { ["table.log.arrow.compression.type"] = "NONE" },
        });
        Lab.Generate(table, 500_000);

        // A server that is killed before it notes how far its logs can be read does not show the rest until the next append.
        Assert.True(Eventually.True(() => Cluster.NotedEnd(table) == 500_000, s_recovery), "The server does not note the end of the log.");
        return s_big = table;
    }
}
