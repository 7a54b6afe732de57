using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Data;

namespace FlussLake.Embedded.Tests.ServerFaults;

/// <summary>A server with users, whose table shop.orders has two buckets and is tiered half; and what a statement must read from it, whatever happens to the server.</summary>
internal sealed class FaultyShop : IAsyncDisposable
{
    public const string Query = "SELECT id, note FROM fluss_read('orders')";
    private const int Tiered = 40;

    /// <summary>More than any time-out of these tests, also on a busy machine; a call that takes longer hangs.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(150);

    private readonly EmbeddedFlussOptions _options;

    private FaultyShop(EmbeddedFlussOptions options, EmbeddedFluss fluss)
    {
        _options = options;
        Fluss = fluss;
    }

    public EmbeddedFluss Fluss { get; private set; }

    public int Rows { get; private set; }

    public static async Task<FaultyShop> StartAsync(int rows = 80, int servers = 1, string? dataDirectory = null)
    {
        EmbeddedFlussOptions options = new()
        {
            TabletServers = servers,
            DataDirectory = dataDirectory,
            Users = new Dictionary<string, string> { ["alice"] = "secret" },
        };
        FaultyShop shop = new(options, await EmbeddedFluss.StartAsync(options));
        using FlussClient client = shop.Connect();
        await client.CreateDatabaseAsync("shop");
        await client.CreateTableAsync(EmbeddedTable.Path, new TableDescriptor
        {
            Columns = [EmbeddedTable.Column("id BIGINT NOT NULL"), EmbeddedTable.Column("note STRING")],
            BucketCount = 2,
            Properties = new Dictionary<string, string> { ["table.datalake.enabled"] = "true" },
        });
        await shop.AppendAsync(Tiered, flushEach: 10);
        await shop.Fluss.TierAsync(EmbeddedTable.Path);
        await shop.AppendAsync(rows - Tiered, flushEach: Math.Max(10, rows / 20));
        return shop;
    }

    public async Task AppendAsync(int count, int flushEach)
    {
        using FlussClient client = Connect();
        await using AppendWriter writer = await client.OpenAppendWriterAsync(EmbeddedTable.Path);
        for (int i = 0; i < count; i++)
        {
            await writer.AppendAsync([(long)Rows, Note(Rows)]);
            Rows++;
            if (Rows % flushEach == 0)
            {
                await writer.FlushAsync();
            }
        }
    }

    public FlussLakeConnection Open(int timeout = 30, string more = "")
    {
        FlussLakeConnection connection = new(
            $"Bootstrap Servers={Fluss.BootstrapServers};Database=shop;User ID=alice;Password=secret;Connection Idle Lifetime=0;Command Timeout={timeout};{more}");
        connection.Open();
        return connection;
    }

    /// <summary>Runs the query and checks each row; a failure of the statement is thrown only when it came in time.</summary>
    public static void Read(FlussLakeConnection connection, int rows, int? timeout = null)
    {
        Stopwatch clock = Stopwatch.StartNew();
        try
        {
            using DbCommand command = connection.CreateCommand();
            command.CommandText = Query;
            command.CommandTimeout = timeout ?? command.CommandTimeout;
            using DbDataReader reader = command.ExecuteReader();
            AssertRows(reader, rows);
        }
        finally
        {
            Assert.True(clock.Elapsed < s_patience, $"The statement took {clock.Elapsed}.");
        }
    }

    public static void AssertRows(DbDataReader reader, int rows)
    {
        bool[] seen = new bool[rows];
        int count = 0;
        while (reader.Read())
        {
            long id = reader.GetInt64(0);
            Assert.InRange(id, 0, rows - 1);
            Assert.False(seen[id], $"The row {id} came twice.");
            seen[id] = true;
            Assert.Equal(Note((int)id), reader.GetString(1));
            count++;
        }

        Assert.Equal(rows, count);
    }

    /// <summary>Runs the query, which may fail with an error of the provider and no other.</summary>
    /// <returns>The error, or null where the rows were right.</returns>
    public FlussLakeException? TryRead(FlussLakeConnection connection)
    {
        try
        {
            Read(connection, Rows);
            return null;
        }
        catch (FlussLakeException failure)
        {
            return failure;
        }
    }

    public async Task StopAsync() => await Fluss.DisposeAsync();

    /// <summary>Starts the stopped server again, on the same ports.</summary>
    public async Task StartAgainAsync() => Fluss = await EmbeddedFluss.StartAsync(_options);

    public ValueTask DisposeAsync() => Fluss.DisposeAsync();

    private static string Note(int id) => string.Create(CultureInfo.InvariantCulture, $"note {id}");

    private FlussClient Connect() => new(new FlussClientOptions { BootstrapServers = [Fluss.BootstrapServers], UserId = "alice", Password = "secret" });
}
