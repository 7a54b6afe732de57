using System.Data.Common;
using Dapper;

namespace FlussLake.Data.Tests;

public sealed class DapperTests : IDisposable
{
    private readonly FlussLakeConnection _connection = TestConnection.Open();

    public DapperTests() => _connection.Execute("CREATE TABLE orders AS SELECT x::INT AS id, 'name ' || x AS name, (x * 1.5)::DECIMAL(9,2) AS amount, x::HUGEINT AS big FROM range(10) t(x)");

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void Query_maps_rows()
    {
        Order[] orders = [.. _connection.Query<Order>("SELECT * FROM orders WHERE id >= @low AND name <> '@low' ORDER BY id", new { low = 8 })];
        Assert.Equal([8, 9], orders.Select(static order => order.Id));
        Assert.Equal("name 8", orders[0].Name);
        Assert.Equal(12.0m, orders[0].Amount);
        Assert.Equal(8L, orders[0].Big);
    }

    [Fact]
    public async Task Query_async_maps_rows() =>
        Assert.Equal(10, (await _connection.QueryAsync<Order>("SELECT * FROM orders")).Count());

    [Fact]
    public void Lists_expand() =>
        Assert.Equal([2, 3, 5], _connection.Query<int>("SELECT id FROM orders WHERE id IN @ids ORDER BY id", new { ids = new[] { 2, 3, 5, 77 } }));

    [Fact]
    public void Several_results_are_read_one_after_another()
    {
        using SqlMapper.GridReader grid = _connection.QueryMultiple("SELECT count(*) FROM orders; SELECT name FROM orders WHERE id = @id", new { id = 4 });
        Assert.Equal(10L, grid.ReadSingle<long>());
        Assert.Equal("name 4", grid.ReadSingle<string>());
    }

    [Fact]
    public void Rows_can_be_unbuffered_and_left_early()
    {
        Assert.Equal(1L, _connection.Query<long>("SELECT x FROM range(1, 100000000000) t(x)", buffered: false).First());
        Assert.Equal(1, _connection.ExecuteScalar<int>("SELECT 1"));
    }

    [Fact]
    public async Task Unbuffered_async_rows_come_one_by_one()
    {
        long sum = 0;
        await foreach (long value in _connection.QueryUnbufferedAsync<long>("SELECT x FROM range(5000) t(x)"))
        {
            sum += value;
        }

        Assert.Equal(4999L * 5000 / 2, sum);
    }

    [Fact]
    public async Task Execute_counts_and_scalars_convert()
    {
        Assert.Equal(3, _connection.Execute("DELETE FROM orders WHERE id < @id", new { id = 3 }));
        Assert.Equal(2, _connection.Execute("INSERT INTO orders (id) VALUES (@id)", new[] { new { id = 100 }, new { id = 101 } }));
        Assert.Equal(9L, await _connection.ExecuteScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal(45L, _connection.ExecuteScalar<long>("SELECT sum(x) FROM range(10) t(x)"));
        Assert.Equal(DateTime.UnixEpoch, _connection.QuerySingle<DateTime>("SELECT @t", new { t = DateTime.UnixEpoch }));
    }

    [Fact]
    public void Dynamic_rows_and_data_readers_work()
    {
        dynamic row = _connection.QuerySingle("SELECT id, amount FROM orders WHERE id = 2");
        Assert.Equal(2, (int)row.id);
        Assert.Equal(3.00m, (decimal)row.amount);
        using DbDataReader reader = (DbDataReader)_connection.ExecuteReader("SELECT id FROM orders ORDER BY id");
        Assert.True(reader.Read());
        Assert.Equal(0, reader.GetInt32(0));
    }

    [Fact]
    public void Dapper_opens_a_closed_connection_and_closes_it_again()
    {
        using FlussLakeConnection connection = new();
        Assert.Equal(1, connection.QuerySingle<int>("SELECT 1"));
        Assert.Equal(System.Data.ConnectionState.Closed, connection.State);
    }

    [Fact]
    public void Transactions_pass_through()
    {
        using FlussLakeTransaction transaction = _connection.BeginTransaction();
        _connection.Execute("DELETE FROM orders", transaction: transaction);
        transaction.Rollback();
        Assert.Equal(10L, _connection.ExecuteScalar<long>("SELECT count(*) FROM orders"));
    }

    private sealed class Order
    {
        public int Id { get; set; }

        public string? Name { get; set; }

        public decimal Amount { get; set; }

        public long Big { get; set; }
    }
}
