using FlussLake.Lake.Avro;

namespace FlussLake.Lake.Paimon;

/// <summary>Decodes an index manifest as far as it tells which data files have deletion vectors; other indexes do not change what a scan returns.</summary>
internal sealed class PaimonIndexManifestDecoder
{
    private const int Version = 1;
    private const int RequiredFields = 5;
    private const string DeletionVectors = "DELETION_VECTORS";
    private static readonly string[] Names = ["_VERSION", "_KIND", "_PARTITION", "_BUCKET", "_INDEX_TYPE", "_DELETIONS_VECTORS_RANGES"];

    private readonly string _file;
    private readonly AvroRecordPlan _plan;
    private readonly List<PaimonDeletionEntry> _entries = [];
    private AvroRecordPlan? _range;

    private PaimonIndexManifestDecoder(AvroFile avro)
    {
        _file = avro.Name;
        _plan = AvroRecordPlan.Bind(_file, avro.Schema, Names, RequiredFields);
    }

    internal static IReadOnlyList<PaimonDeletionEntry> Parse(string file, byte[] bytes, CancellationToken cancellationToken)
    {
        AvroFile avro = AvroFile.Open(file, bytes);
        PaimonIndexManifestDecoder decoder = new(avro);
        while (avro.TryNextBlock(out long records, out ReadOnlyMemory<byte> block))
        {
            cancellationToken.ThrowIfCancellationRequested();
            AvroReader reader = new(block.Span, file);
            for (; records > 0; records--) decoder.ReadEntry(ref reader);
            if (reader.Remaining > 0) throw reader.Bad("a block has bytes behind its records");
        }

        return decoder._entries;
    }

    private void ReadEntry(ref AvroReader reader)
    {
        _plan.Begin(ref reader);
        byte[]? partition = null;
        int? bucket = null;
        int? kind = null;
        string? type = null;
        List<string>? dataFiles = null;
        for (int i = 0; i < _plan.Fields.Length; i++)
        {
            AvroField field = _plan.Fields[i];
            switch (_plan.Targets[i])
            {
                case 0:
                    PaimonVersions.Require(_file, reader.ReadInt(field), Version);
                    break;
                case 1:
                    kind = reader.ReadInt(field);
                    break;
                case 2:
                    if (reader.TryReadBytes(field, out ReadOnlySpan<byte> bytes)) partition = bytes.ToArray();
                    break;
                case 3:
                    bucket = reader.ReadInt(field);
                    break;
                case 4:
                    type = reader.ReadString(field);
                    break;
                case 5:
                    dataFiles = ReadRanges(ref reader, field);
                    break;
                default:
                    reader.Skip(field.Schema);
                    break;
            }
        }

        if (type is null || partition is null || bucket is null) throw reader.Bad("an entry lacks its index type, partition or bucket");
        if (type != DeletionVectors) return;
        if (kind != 0) throw reader.Bad($"an entry of the kind {DeletionVectors} takes another back");
        if (dataFiles is null) throw reader.Bad($"an entry of the kind {DeletionVectors} names no data files");
        foreach (string dataFile in dataFiles) _entries.Add(new PaimonDeletionEntry(partition, bucket.Value, dataFile));
    }

    private List<string>? ReadRanges(ref AvroReader reader, AvroField field)
    {
        if (reader.BeginArray(field) is not { } items) return null;
        _range ??= AvroRecordPlan.Bind(_file, items, ["f0"], 1);
        List<string> dataFiles = [];
        for (long count = reader.NextBlock(items.MinimumSize); count > 0; count = reader.NextBlock(items.MinimumSize))
        {
            for (; count > 0; count--)
            {
                _range.Begin(ref reader);
                for (int i = 0; i < _range.Fields.Length; i++)
                {
                    AvroField part = _range.Fields[i];
                    if (_range.Targets[i] != 0) reader.Skip(part.Schema);
                    else dataFiles.Add(reader.ReadString(part) ?? throw reader.Bad("a deletion vector names no data file"));
                }
            }
        }

        return dataFiles;
    }
}
