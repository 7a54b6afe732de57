using System.Data.Common;
using System.Diagnostics;
using FlussLake.Cluster.Tests.Access;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;

namespace FlussLake.Cluster.Tests;

/// <summary>
/// Queries while rows are appended and tiered without pause. Afterwards each row's bucket and offset are known, and so whether each answer was a prefix of every bucket,
/// each row once, with everything that was acknowledged before it began.
/// </summary>
public sealed class LiveTests(LiveCluster live) : ClusterTest(live)
{
    private const int LeastQueries = 50;
    private const int LeastSnapshots = 4;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private long _acknowledged;
    private int _snapshots;
    private volatile bool _stop;

    [Theory]
    [InlineData(4)]
    [InlineData(1)]
    public void Every_answer_is_a_prefix_of_every_bucket_with_all_acknowledged_rows(int buckets)
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        LabTable table = Create(LabTable.Unique("live") with { Buckets = buckets, BucketKey = buckets > 1 ? ["id"] : [], Columns = [new("id", "BIGINT NOT NULL"), new("status", "STRING")] });
        using Lab appender = Cluster.StartLab();
        using Lab tierer = Cluster.StartLab();
        List<Exception> failures = [];
        Thread[] writers = [Work(() => Append(appender, table, new Random(seed)), failures), Work(() => Tier(tierer, table), failures)];
        List<Answer> answers = [];
        try
        {
            Query(table, answers);
        }
        finally
        {
            _stop = true;
            Array.ForEach(writers, thread => thread.Join());
        }

        Assert.Empty(failures);
        Assert.True(answers.Count >= LeastQueries && _snapshots >= LeastSnapshots, $"seed {seed}: only {answers.Count} answers over {_snapshots} snapshots.");
        Check(table, answers, $"seed {seed}");
    }

    private static Thread Work(Action work, List<Exception> failures)
    {
        Thread thread = new(() =>
        {
            try
            {
                work();
            }
            catch (Exception failure)
            {
                lock (failures)
                {
                    failures.Add(failure);
                }
            }
        });
        thread.Start();
        return thread;
    }

    private void Append(Lab lab, LabTable table, Random random)
    {
        for (long next = 0; !_stop;)
        {
            int rows = random.Next(1, 200);
            lab.Generate(table, rows, from: next, flushEvery: random.Next(1, 100));
            next += rows;
            Volatile.Write(ref _acknowledged, next);
        }
    }

    private void Tier(Lab lab, LabTable table)
    {
        while (!_stop)
        {
            if (lab.Tier(table) is not null)
            {
                Interlocked.Increment(ref _snapshots);
            }
        }
    }

    private void Query(LabTable table, List<Answer> answers)
    {
        Stopwatch clock = Stopwatch.StartNew();
        using DbConnection connection = Open();
        while ((answers.Count < LeastQueries || Volatile.Read(ref _snapshots) < LeastSnapshots) && clock.Elapsed < s_patience)
        {
            long acknowledged = Volatile.Read(ref _acknowledged);
            using DbDataReader reader = connection.OpenReader($"SELECT id FROM fluss_read('{table.Name}')");
            List<long> ids = [];
            while (reader.Read())
            {
                ids.Add(reader.GetInt64(0));
            }

            answers.Add(new Answer(acknowledged, ids));
        }
    }

    private void Check(LabTable table, List<Answer> answers, string seed)
    {
        Dictionary<long, DumpedRow> places = Lab.Dump(table).ToDictionary(row => long.Parse(row.Values[0], null));
        long[] lastEnds = new long[table.Buckets];
        for (int number = 0; number < answers.Count; number++)
        {
            (long acknowledged, List<long> ids) = answers[number];
            string where = $"{seed}, answer {number} of {answers.Count}";
            HashSet<long> distinct = [.. ids];
            Assert.True(distinct.Count == ids.Count, $"{where}: {ids.Count - distinct.Count} ids came twice.");
            for (long id = 0; id < acknowledged; id++)
            {
                Assert.True(distinct.Contains(id), $"{where}: id {id} was acknowledged before the statement began and is missing ({acknowledged} were acknowledged).");
            }

            for (int bucket = 0; bucket < table.Buckets; bucket++)
            {
                long[] offsets = [.. ids.Select(id => places[id]).Where(place => place.Bucket == bucket).Select(place => place.Offset).Order()];
                Assert.True(offsets.SequenceEqual(Enumerable.Range(0, offsets.Length).Select(offset => (long)offset)), $"{where}: bucket {bucket} has a gap or a repeated offset.");
                Assert.True(offsets.Length >= lastEnds[bucket], $"{where}: the end of bucket {bucket} went back from {lastEnds[bucket]} to {offsets.Length}.");
                lastEnds[bucket] = offsets.Length;
            }

            if (table.Buckets == 1)
            {
                Assert.True(ids.Order().SequenceEqual(Enumerable.Range(0, ids.Count).Select(id => (long)id)), $"{where}: the ids are not 0 to {ids.Count - 1}.");
            }
        }
    }

    private sealed record Answer(long Acknowledged, List<long> Ids);
}
