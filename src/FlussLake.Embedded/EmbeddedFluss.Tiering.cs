using FlussLake.Client;
using FlussLake.Embedded.Tiering;

namespace FlussLake.Embedded;

public sealed partial class EmbeddedFluss
{
    private readonly TableTiering _tiering;
    private readonly RunningRounds _rounds = new();

    /// <summary>
    /// Runs one round of tiering, as Fluss's tiering service does every few minutes: writes what the log of a table holds beyond its lake snapshot into the Paimon table, in one
    /// snapshot, and registers that snapshot and the offsets that it ends at. Readers see either what was before or all of it. One round of a table runs at a time.
    /// </summary>
    /// <param name="table">The table; it has <c>table.datalake.enabled</c>.</param>
    /// <param name="upTo">
    /// The exclusive offset at which the round ends in each bucket: the bucket's end where it lies beyond that, nothing where the lake has as much already. Buckets that are not
    /// named stay where they are. Null: everything up to the end of every bucket.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for another round of the table, or the round between two batches; nothing of it shows then.</param>
    /// <returns>What was moved. A round that finds nothing new makes no snapshot.</returns>
    /// <exception cref="FlussException">
    /// There is no such table or bucket, the table has no lake, a stored batch is damaged, the lake is not at the snapshot that the server knows
    /// of, or the server is stopped meanwhile; the message names what.
    /// </exception>
    /// <exception cref="FlussLake.Lake.LakeException">The lake table is not there or damaged, cannot be read or written, or asks for what is not written here.</exception>
    /// <exception cref="ObjectDisposedException">The server was stopped.</exception>
    public Task<TieringResult> TierAsync(TablePath table, IReadOnlyDictionary<TableBucket, long>? upTo = null, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TieringResult>(cancellationToken);
        }

        // Decoding and writing takes a while, and must not sit on the thread pool, whose threads callers may all hold.
        TaskCompletionSource<TieringResult> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() => Run(done, table, upTo, cancellationToken)) { IsBackground = true, Name = $"embedded Fluss tiering {table}" };
        _rounds.Begin();
        try
        {
            thread.UnsafeStart();
        }
        catch
        {
            _rounds.End();
            throw;
        }

        return done.Task;
    }

    private void Run(TaskCompletionSource<TieringResult> done, TablePath table, IReadOnlyDictionary<TableBucket, long>? upTo, CancellationToken cancellationToken)
    {
        try
        {
            done.SetResult(RunUnlessStopped(table, upTo, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            done.SetCanceled(cancellationToken);
        }
#pragma warning disable CA1031 // Whoever awaits the task hears of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            done.SetException(exception);
        }
        finally
        {
            _rounds.End();
        }
    }

    private TieringResult RunUnlessStopped(TablePath table, IReadOnlyDictionary<TableBucket, long>? upTo, CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _rounds.Stopping);
        try
        {
            return _tiering.Run(table, upTo, end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && _rounds.Stopping.IsCancellationRequested)
        {
            throw TieringErrors.Stopping(table);
        }
    }
}
