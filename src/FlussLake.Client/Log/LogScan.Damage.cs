namespace FlussLake.Client.Log;

/// <content>What arrived damaged: asked for again, since it may be whole another time; what stays damaged ends the scan.</content>
public sealed partial class LogScan
{
    private const int MaxDamages = 2;

    // Whether the scan reads again what came damaged the first time.
    private bool _isSecondReading;

    // An answer that cannot be read, on a connection that is replaced where its frames cannot be told apart any more.
    private void OnDamage(BucketFetch bucket, FlussException damage)
    {
        int times = ++bucket.Damages;
        if (times <= Math.Min(MaxDamages, _client.Options.MaxRetries))
        {
            _client.NoteFailure(damage.Message);
            AskAgain(bucket, FlussClient.Pause(bucket.Failures), damage);
            return;
        }

        Fail(times == 1 ? damage : new FlussException($"{damage.Message} It was damaged answer number {times} in a row for this offset.", damage.Code, damage));
    }

    // A batch whose checksum does not match. Its rows come as one batch again, in place of the damaged one.
    private LogScanBatch ReadAgain(LogRange rows, FlussException damage, CancellationToken cancellationToken)
    {
        if (_isSecondReading || _client.Options.MaxRetries == 0)
        {
            Fail(damage);
            throw damage;
        }

        _client.NoteFailure(damage.Message);
        using LogScan again = new(_client, new LogScanOptions { Table = _table, Ranges = [rows], Memory = _memory }, _logger) { _isSecondReading = true };
        lock (_gate)
        {
            ThrowIfStoppedLocked();
            _secondReadings.Add(again);
        }

        try
        {
            if (again.TryTake(out LogScanBatch? batch, cancellationToken))
            {
                if (batch.RowCount == rows.End - rows.Start)
                {
                    return batch;
                }

                batch.Dispose();
            }

            Fail(damage);
            throw damage;
        }
        catch (FlussException failure)
        {
            Fail(failure);
            throw;
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                // Where this scan failed meanwhile, that is why the second reading was ended.
                _failure?.Throw();
            }

            // The rows are owed, and nobody reads them again.
            Fail(damage);
            throw;
        }
        finally
        {
            lock (_gate)
            {
                _secondReadings.Remove(again);
            }
        }
    }

    private void EndSecondReadings()
    {
        LogScan[] running;
        lock (_gate)
        {
            running = [.. _secondReadings];
        }

        foreach (LogScan reading in running)
        {
            reading.Dispose();
        }
    }
}
