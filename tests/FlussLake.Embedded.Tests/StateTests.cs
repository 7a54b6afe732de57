using FlussLake.Client;
using FlussLake.Embedded.Log;
using FlussLake.Embedded.State;
using FlussLake.Embedded.Tests.Servers;

using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

using SQLitePCL;

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
    public void A_commit_that_fails_says_why_and_the_next_one_works()
    {
        using TempFolder folder = new();
        using StateStore store = StateStore.Open(Path.Combine(folder.Path, "fluss.db"));

        // SQLite rolls back by itself, as on a full disk.
        SqliteException failed = Assert.Throws<SqliteException>(() => store.Write(connection =>
        {
            connection.Run("INSERT INTO counters(name, value) VALUES('test', 1)");
            raw.sqlite3_commit_hook(connection.Handle, _ => 1, null);
        }));
        Assert.Equal((raw.SQLITE_CONSTRAINT, raw.SQLITE_CONSTRAINT_COMMITHOOK), (failed.SqliteErrorCode, failed.SqliteExtendedErrorCode));
        store.Write(connection =>
        {
            raw.sqlite3_commit_hook(connection.Handle, null, null);
            Assert.Equal(0, connection.Next("test"));
        });
        Assert.Equal([0L], store.Read(connection => connection.Rows("SELECT value FROM counters WHERE name = 'test'", row => row.GetInt64(0))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_full_disk_refuses_appends_and_keeps_what_was_acknowledged(bool inMemory)
    {
        using TempFolder folder = new();
        string? file = inMemory ? null : Path.Combine(folder.Path, "fluss.db");
        List<(long Offset, FlussException? Refusal)> answers = [];
        int appended;
        using (StateStore store = StateStore.Open(file))
        {
            using StateWriter writer = new(store, NullLogger.Instance);
            BucketLog log = BucketLog.Create(store, TimeProvider.System, 1, s_bucket, leader: 0);
            writer.Execute(connection => connection.Run($"PRAGMA max_page_count = {connection.Rows("PRAGMA page_count", row => row.GetInt64(0)).Single() + 4}"));
            for (int i = 0; i < 400; i++)
            {
                Append(i);
                if (i % 8 == 7)
                {
                    Finish();
                }
            }

            appended = answers.Count(answer => answer.Refusal is null);
            Assert.InRange(appended, 1, 399);

            // Once one is refused, those that follow it are out of order: none may be let in behind a gap.
            Assert.All(answers.Take(appended).Select((answer, i) => (answer, i)), entry => Assert.Equal((entry.i * 10L, null), entry.answer));
            FlussException refused = answers[appended].Refusal!;
            Assert.Equal(FlussErrorCode.StorageFailure, refused.Code);
            Assert.Contains("full", refused.Message, StringComparison.Ordinal);
            Assert.All(answers.Skip(appended), answer => Assert.Contains(answer.Refusal!.Code, (FlussErrorCode[])[FlussErrorCode.StorageFailure, FlussErrorCode.OutOfOrderSequence]));
            Assert.Equal(appended * 10L, log.HighWatermark);

            // With room again the writer goes on where it was.
            writer.Execute(connection => connection.Run("PRAGMA max_page_count = 4000"));
            Append(appended);
            Finish();
            Assert.Equal((appended * 10L, null), answers[^1]);
            Check(log);

            void Append(int sequence)
            {
                byte[] batch = Batches.Of(sequence * 10, 10, 1, sequence);
                writer.Enqueue(new AppendWork(log, 0, batch, [Shop.Header(batch)], (offset, refusal) => answers.Add((offset, refusal))));
            }

            void Finish() => writer.Execute(_ => { });
        }

        if (file is not null)
        {
            using StateStore store = StateStore.Open(file);
            Check(BucketLog.Open(store, TimeProvider.System, 1, s_bucket, leader: 0));
        }

        void Check(BucketLog log)
        {
            Assert.Equal((appended + 1) * 10L, log.HighWatermark);
            Assert.All(log.Find(0, long.MaxValue, atLeastOne: true), entry => Assert.Equal(Enumerable.Range((int)entry.BaseOffset, 10).Select(id => (long)id), Batches.ReadIds(log.Read(entry), 0, 10)));
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
