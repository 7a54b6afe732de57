using FlussLake.Client;
using FlussLake.Embedded.Tiering;

namespace FlussLake.Embedded;

public sealed partial class EmbeddedFluss
{
    private readonly TableTiering _tiering;
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<Thread> _rounds = [];

    /// <summary>
    /// Runs one round of tiering, as Fluss's tiering service does every few minutes: writes what the log of a table holds beyond its lake snapshot into the Paimon table, in one
    /// snapshot, and registers that snapshot and the offsets that it ends at. Readers see either what was before or all of it. One round of a table runs at a time.
    /// </summary>
    /// <param name="table">The table; it has <c>table.datalake.enabled</c>.</param>
    /// <param name="upTo">The exclusive offset at which the round ends in each bucket; buckets that are not named stay where they are. Null: everything up to the end of every bucket.</param>
    /// <param name="cancellationToken">Ends the round between two batches; nothing of it shows then.</param>
    /// <returns>What was moved. A round that finds nothing new makes no snapshot.</returns>
    /// <exception cref="ObjectDisposedException">The server was stopped, before or meanwhile.</exception>
    /// <exception cref="FlussException">There is no such table, it has no lake or another log format than ARROW, or a stored batch is damaged; the message names what.</exception>
    /// <exception cref="FlussLake.Lake.LakeException">The lake table is not there or damaged, or asks for what is not written here.</exception>
    public Task<TieringResult> TierAsync(TablePath table, IReadOnlyDictionary<TableBucket, long>? upTo = null, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TieringResult>(cancellationToken);
        }

        // Decoding and writing takes a while, and must not sit on the thread pool, whose threads callers may all hold.
        TaskCompletionSource<TieringResult> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread round = new(() => Run(done, table, upTo, cancellationToken)) { IsBackground = true, Name = $"embedded Fluss tiering {table}" };
        lock (_rounds)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            _rounds.Add(round);
            round.UnsafeStart();
        }

        return done.Task;
    }

    /// <summary>Ends the rounds that run, each between two batches, and waits for them: none may touch the lake when the server has stopped.</summary>
    private void StopTiering()
    {
        Thread[] running;
        lock (_rounds)
        {
            _stopping.Cancel();
            running = [.. _rounds];
        }

        foreach (Thread round in running)
        {
            round.Join();
        }
    }

    private void Run(TaskCompletionSource<TieringResult> done, TablePath table, IReadOnlyDictionary<TableBucket, long>? upTo, CancellationToken cancellationToken)
    {
        try
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
            done.SetResult(_tiering.Run(table, upTo, either.Token));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            done.SetCanceled(cancellationToken);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            done.SetException(new ObjectDisposedException(nameof(EmbeddedFluss), $"The server was stopped while table {table} was tiered; nothing of the round shows."));
        }
#pragma warning disable CA1031 // Whoever awaits the task hears of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            done.SetException(exception);
        }
        finally
        {
            lock (_rounds)
            {
                _rounds.Remove(Thread.CurrentThread);
            }
        }
    }
}
