using FlussLake.Client;
using FlussLake.Embedded.Log;
using FlussLake.Embedded.State;
using FlussLake.Embedded.Tests.Servers;

using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlussLake.Embedded.Tests;

public sealed class StateTests
{
    private static readonly TableBucket s_bucket = new(0, null, 0);

    [Fact]
    public void An_append_that_was_rolled_back_leaves_no_trace()
    {
        using StateStore store = StateStore.Open(null);
        BucketLog log = BucketLog.Create(store, TimeProvider.System, 1, s_bucket, leader: 0);
        Append(2, sequence: 0);
        log.Commit();
        Assert.Throws<InvalidOperationException>(() => store.Write(_ =>
        {
            Assert.Equal(2, AppendInside(3, sequence: 1));
            throw new InvalidOperationException("scripted");
        }));
        log.Rollback();
        Assert.Equal(2, log.HighWatermark);
        Assert.Equal(2, Append(5, sequence: 1));
        log.Commit();
        Assert.Equal(7, log.HighWatermark);
        Assert.Equal(7, BucketLog.Open(store, TimeProvider.System, 1, s_bucket, leader: 0).HighWatermark);

        long Append(int rows, int sequence)
        {
            long offset = -1;
            store.Write(_ => offset = AppendInside(rows, sequence));
            return offset;
        }

        long AppendInside(int rows, int sequence)
        {
            byte[] batch = Batches.Of(0, rows, 1, sequence);
            return log.Append(0, batch, [Shop.Header(batch)]);
        }
    }

    [Fact]
    public void A_change_that_fails_is_reported_and_the_writer_goes_on()
    {
        using StateStore store = StateStore.Open(null);
        using StateWriter writer = new(store, NullLogger.Instance);
        FlussException failed = Assert.Throws<FlussException>(() => writer.Execute(connection => connection.Run("INSERT INTO nowhere VALUES(1)")));
        Assert.Equal(FlussErrorCode.StorageFailure, failed.Code);
        Assert.IsType<SqliteException>(failed.InnerException);
        writer.Execute(connection =>
        {
            Assert.Equal(0, connection.Next("test"));
            Assert.Equal(1, connection.Next("test"));
        });
        Assert.Equal([1L], store.Read(connection => connection.Rows("SELECT value FROM counters WHERE name = 'test'", row => row.GetInt64(0))));
    }
}
