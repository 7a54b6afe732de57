using System.Globalization;

using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;
using FlussLake.Client.Write;

namespace FlussLake.Client;

public sealed partial class FlussClient
{
    private const int DefaultZstdLevel = 3;

    /// <summary>Opens a writer of a table without primary key. Its schema is the one that the table has now.</summary>
    /// <param name="path">The table, whose log format must be ARROW.</param>
    /// <param name="options">How to write, or null for the defaults.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The writer; dispose it to send what it holds.</returns>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <exception cref="FlussException">
    /// There is no such table (<see cref="FlussErrorCode.TableNotExist"/>), it has a primary key (<see cref="FlussErrorCode.InvalidTable"/>), its log has another format or a type that is
    /// not known (<see cref="FlussErrorCode.UnsupportedVersion"/>), or the call failed.
    /// </exception>
    public async Task<AppendWriter> OpenAppendWriterAsync(TablePath path, AppendWriterOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new AppendWriterOptions();
        options.Validate();
        TableInfo table = await GetTableInfoAsync(path, cancellationToken).ConfigureAwait(false);
        if (table.Schema.PrimaryKey.Count > 0)
        {
            throw AppendErrors.PrimaryKeyTable(path);
        }

        string format = table.Properties.GetValueOrDefault(PropertyKeys.LogFormat, "ARROW");
        if (!format.Equals("ARROW", StringComparison.OrdinalIgnoreCase))
        {
            throw AppendErrors.LogFormat(path, format);
        }

        (BodyCodec codec, int level) = CompressionOf(table);
        BucketChooser chooser = BucketAssigner.Create(table) is { } keys ? new KeyedBucketChooser(keys)
            : options.BucketAssignment == BucketAssignment.Sticky ? new StickyBucketChooser(_metadata)
            : new RoundRobinBucketChooser();
        PartitionNames? names = PartitionNames.Create(table);

        // Now, so that a type that cannot be written is refused before the first row.
        LogBatchEncoder CreateEncoder() => new(path, table.Schema, codec, level);
        CreateEncoder().Dispose();
        long writerId = options.EnableIdempotence ? await InitWriterAsync(path, cancellationToken).ConfigureAwait(false) : -1;
        return new AppendWriter(table, new AppendPipeline(this, table, options, writerId, CreateEncoder, chooser, names, _logger));
    }

    /// <summary>The id of a table's partition, with its leaders noted; null where there is none of that name.</summary>
    internal async Task<long?> FindPartitionAsync(TablePath path, string name, CancellationToken cancellationToken)
    {
        MetadataRequest request = new()
        {
            TablePath = { Wire(path) },
            PartitionsPath = { new PbPhysicalTablePath { DatabaseName = path.Database, TableName = path.Table, PartitionName = name } },
        };
        try
        {
            MetadataResponse response = await CallAnyAsync(
                ApiKey.Metadata, request, MetadataResponse.Parser, $"table {path}, partition {name}", cancellationToken).ConfigureAwait(false);
            _metadata.Update(response);
            return response.PartitionMetadata.FirstOrDefault(partition => partition.PartitionName == name)?.PartitionId;
        }
        catch (FlussException exception) when (exception.Code == FlussErrorCode.PartitionNotExists)
        {
            return null;
        }
    }

    private static (BodyCodec Codec, int Level) CompressionOf(TableInfo table)
    {
        string name = table.Properties.GetValueOrDefault(PropertyKeys.LogCompression, "ZSTD");
        BodyCodec codec = name.ToUpperInvariant() switch
        {
            "NONE" => BodyCodec.None,
            "LZ4_FRAME" => BodyCodec.Lz4Frame,
            "ZSTD" => BodyCodec.Zstd,
            _ => throw AppendErrors.Compression(table.Path, PropertyKeys.LogCompression, name),
        };
        if (!table.Properties.TryGetValue(PropertyKeys.ZstdLevel, out string? text))
        {
            return (codec, DefaultZstdLevel);
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int level) && level is >= 1 and <= 22
            ? (codec, level)
            : throw AppendErrors.Compression(table.Path, PropertyKeys.ZstdLevel, text);
    }

    // Any tablet server gives out ids. One that is lost with its answer harms nobody.
    private Task<long> InitWriterAsync(TablePath path, CancellationToken cancellationToken)
    {
        int attempt = 0;
        return CallAsync(
            async (deadline, token) =>
            {
                if (_metadata.TabletServers.Count == 0)
                {
                    _metadata.Update(await AskAnyAsync(
                        ApiKey.Metadata, new MetadataRequest(), MetadataResponse.Parser, "the cluster", deadline, token).ConfigureAwait(false));
                }

                IReadOnlyList<ServerAddress> servers = _metadata.TabletServers;
                if (servers.Count == 0)
                {
                    throw new FlussException($"The cluster names no tablet server, which a writer of table {path} needs.", FlussErrorCode.LeaderNotAvailable);
                }

                // A server that keeps silent gets its share of the time, not all of it.
                long share = Time.After(Until(deadline) / servers.Count);
                InitWriterResponse response = await AskAsync(
                    servers[attempt++ % servers.Count],
                    ApiKey.InitWriter,
                    new InitWriterRequest { TablePath = { Wire(path) } },
                    InitWriterResponse.Parser,
                    $"table {path}",
                    share,
                    ServerType.TabletServer,
                    token).ConfigureAwait(false);
                return response.WriterId;
            },
            needsLeader: true,
            cancellationToken);
    }
}
