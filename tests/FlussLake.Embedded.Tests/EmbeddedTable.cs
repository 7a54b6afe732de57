using System.Data.Common;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Data;

namespace FlussLake.Embedded.Tests;

/// <summary>An embedded server with one table, and the ways in and out of it.</summary>
internal sealed class EmbeddedTable : IAsyncDisposable
{
    public static readonly TablePath Path = new("shop", "orders");

    private readonly EmbeddedFlussOptions _options;

    private EmbeddedTable(EmbeddedFlussOptions options, EmbeddedFluss fluss)
    {
        _options = options;
        Fluss = fluss;
        Client = Connect();
    }

    public EmbeddedFluss Fluss { get; private set; }

    public FlussClient Client { get; private set; }

    public string ConnectionString => $"Bootstrap Servers={Fluss.BootstrapServers};Database=shop;Connection Idle Lifetime=0";

    /// <summary>Starts a server with the table shop.orders, whose columns are given as <c>name TYPE</c>.</summary>
    public static async Task<EmbeddedTable> CreateAsync(string[] columns, EmbeddedFlussOptions? options = null, Func<TableDescriptor, TableDescriptor>? change = null)
    {
        options ??= new EmbeddedFlussOptions();
        EmbeddedTable table = new(options, await EmbeddedFluss.StartAsync(options));
        await table.Client.CreateDatabaseAsync(Path.Database);
        TableDescriptor descriptor = new()
        {
            Columns = [.. columns.Select(Column)],
            Properties = new Dictionary<string, string> { ["table.datalake.enabled"] = "true" },
        };
        await table.Client.CreateTableAsync(Path, change?.Invoke(descriptor) ?? descriptor);
        return table;
    }

    public static FlussColumn Column(string text)
    {
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return new FlussColumn(text[..space], FlussType.Parse(text[(space + 1)..]), 0);
    }

    public async Task AppendAsync(params IEnumerable<object?[]> rows)
    {
        await using AppendWriter writer = await Client.OpenAppendWriterAsync(Path);
        foreach (object?[] row in rows)
        {
            await writer.AppendAsync(row);
        }
    }

    public FlussLakeConnection Open(string more = "")
    {
        FlussLakeConnection connection = new($"{ConnectionString};{more}");
        connection.Open();
        return connection;
    }

    /// <summary>The rows of the table, or of one half of it, each as its values' texts.</summary>
    public List<string> Read(string half = "", string columns = "*")
    {
        using FlussLakeConnection connection = Open();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT {columns} FROM fluss_read('orders{half}')";
        using DbDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => FormattableString.Invariant($"{(reader.IsDBNull(i) ? "NULL" : reader.GetValue(i))}"))));
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    public async Task RestartAsync()
    {
        Client.Dispose();
        await Fluss.DisposeAsync();
        Fluss = await EmbeddedFluss.StartAsync(_options);
        Client = Connect();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Fluss.DisposeAsync();
    }

    private FlussClient Connect() => new(new FlussClientOptions { BootstrapServers = [Fluss.BootstrapServers] });
}
