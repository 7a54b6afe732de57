using FlussLake.Client.Threading;

namespace FlussLake.Client.Write;

internal sealed partial class AppendPipeline
{
    private readonly Dictionary<string, Task> _opening = new(StringComparer.Ordinal);

    // The partition of a row; null where it has to be found or made first, which is then to be awaited.
    private PartitionAppender? FindPartitionLocked(FlussRow row, out Task? opening)
    {
        opening = null;
        PartitionName name = _names!.Of(row);
        if (_partitions.TryGetValue(name.Name, out PartitionAppender? known))
        {
            return known;
        }

        if (!_opening.TryGetValue(name.Name, out opening))
        {
            // One question for each partition, whoever asks; without the token of the first to ask, since others wait too.
            TaskCompletionSource opened = new();
            _opening.Add(name.Name, opening = opened.Task);
            DispatchThreads.Post(_ => _ = OpenPartitionAsync(name, opened), null);
        }

        return null;
    }

    private async Task OpenPartitionAsync(PartitionName name, TaskCompletionSource opened)
    {
        Exception? failure = null;
        long id = 0;
        try
        {
            id = await _client.FindPartitionAsync(_table.Path, name.Name, CancellationToken.None).ConfigureAwait(false)
                ?? await CreatePartitionAsync(name).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, those who wait get it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = exception;
        }

        lock (_gate)
        {
            _opening.Remove(name.Name);
            if (failure is null)
            {
                _partitions.TryAdd(name.Name, new PartitionAppender(name.Name, _table.TableId, id, _table.BucketCount));
            }
        }

        if (failure is null)
        {
            opened.SetResult();
        }
        else
        {
            opened.SetException(failure);

            // Whoever waited may have given up meanwhile.
            _ = opened.Task.Exception;
        }
    }

    // Others may create the same partition at the same time, or drop it again.
    private async Task<long> CreatePartitionAsync(PartitionName name)
    {
        if (!_options.CreatePartitions)
        {
            throw AppendErrors.NoPartition(_table.Path, name.Name);
        }

        await _client.CreatePartitionAsync(_table.Path, name.Values.ToDictionary(), ignoreIfExists: true, CancellationToken.None).ConfigureAwait(false);
        return await _client.AwaitLeadersAsync(_table.Path, name.Name, _table.BucketCount, CancellationToken.None).ConfigureAwait(false)
            ?? throw AppendErrors.NoPartition(_table.Path, name.Name);
    }
}
