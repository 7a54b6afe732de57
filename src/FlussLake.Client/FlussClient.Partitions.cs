using FlussLake.Client.Protocol;

namespace FlussLake.Client;

public sealed partial class FlussClient
{
    /// <summary>Creates a partition of a table. Its buckets have no leaders yet when the call returns; writers wait for them.</summary>
    /// <param name="path">The table.</param>
    /// <param name="values">The value of each partition key, as Fluss writes it in names.</param>
    /// <param name="ignoreIfExists">Whether a partition with these values is fine.</param>
    /// <param name="cancellationToken">Stops waiting for the answer; the change may have taken effect.</param>
    /// <returns>A task that ends when the partition exists.</returns>
    /// <exception cref="FlussException">
    /// There is no such table, it is not partitioned (<see cref="FlussErrorCode.TableNotPartitioned"/>), the values do not fit its keys
    /// (<see cref="FlussErrorCode.PartitionSpecInvalid"/>), the partition exists (<see cref="FlussErrorCode.PartitionAlreadyExists"/>), there are too many, or the call failed; where the
    /// answer was lost, the message says so.
    /// </exception>
    public Task CreatePartitionAsync(
        TablePath path, IReadOnlyDictionary<string, string> values, bool ignoreIfExists = false, CancellationToken cancellationToken = default) => ChangeAsync(
            ApiKey.CreatePartition,
            new CreatePartitionRequest { TablePath = Wire(path), PartitionSpec = Wire(values), IgnoreIfExists = ignoreIfExists },
            CreatePartitionResponse.Parser,
            Name(path, values),
            repeatable: ignoreIfExists,
            cancellationToken);

    /// <summary>Drops a partition with everything in its log. Its rows in the lake stay.</summary>
    /// <param name="path">The table.</param>
    /// <param name="values">The value of each partition key, as Fluss writes it in names.</param>
    /// <param name="ignoreIfNotExists">Whether it is fine that there is none with these values.</param>
    /// <param name="cancellationToken">Stops waiting for the answer; the change may have taken effect.</param>
    /// <returns>A task that ends when the partition is gone.</returns>
    /// <exception cref="FlussException">
    /// There is no such table, it is not partitioned (<see cref="FlussErrorCode.TableNotPartitioned"/>), there is no such partition
    /// (<see cref="FlussErrorCode.PartitionNotExists"/>), or the call failed; where the answer was lost, the message says so.
    /// </exception>
    public Task DropPartitionAsync(
        TablePath path, IReadOnlyDictionary<string, string> values, bool ignoreIfNotExists = false, CancellationToken cancellationToken = default) => ChangeAsync(
            ApiKey.DropPartition,
            new DropPartitionRequest { TablePath = Wire(path), PartitionSpec = Wire(values), IgnoreIfNotExists = ignoreIfNotExists },
            DropPartitionResponse.Parser,
            Name(path, values),
            repeatable: ignoreIfNotExists,
            cancellationToken);

    private static string Name(TablePath path, IReadOnlyDictionary<string, string> values) =>
        $"table {path}, partition {string.Join(", ", values.Select(pair => $"{pair.Key}={pair.Value}"))}";

    private static PbPartitionSpec Wire(IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        PbPartitionSpec spec = new();
        foreach ((string key, string value) in values)
        {
            spec.PartitionKeyValues.Add(new PbKeyValue { Key = key, Value = value });
        }

        return spec;
    }
}
