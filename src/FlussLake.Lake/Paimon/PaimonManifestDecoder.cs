using FlussLake.Lake.Avro;

namespace FlussLake.Lake.Paimon;

/// <summary>Decodes a manifest. Fields are found by name; those that older writers did not know get their defaults, those that are not needed are skipped.</summary>
internal sealed class PaimonManifestDecoder
{
    private const int Version = 2;
    private const int RequiredEntryFields = 5;
    private const int RequiredFileFields = 6;

    private static readonly string[] EntryNames = ["_VERSION", "_KIND", "_PARTITION", "_BUCKET", "_FILE"];

    private static readonly string[] FileNames =
    [
        "_FILE_NAME", "_FILE_SIZE", "_ROW_COUNT", "_SCHEMA_ID", "_LEVEL", "_MIN_SEQUENCE_NUMBER",
        "_EXTRA_FILES", "_DELETE_ROW_COUNT", "_EMBEDDED_FILE_INDEX", "_EXTERNAL_PATH", "_WRITE_COLS", "_MAX_SEQUENCE_NUMBER",
    ];

    private readonly string _file;
    private readonly AvroRecordPlan _entry;
    private readonly AvroRecordPlan _data;
    private byte[] _lastPartition = [];

    private PaimonManifestDecoder(AvroFile avro)
    {
        _file = avro.Name;
        _entry = AvroRecordPlan.Bind(_file, avro.Schema, EntryNames, RequiredEntryFields);
        _data = AvroRecordPlan.Bind(_file, Array.Find(_entry.Fields, f => f.Name == "_FILE")!.Schema, FileNames, RequiredFileFields);
    }

    internal static PaimonManifest Parse(string file, byte[] bytes, CancellationToken cancellationToken)
    {
        AvroFile avro = AvroFile.Open(file, bytes);
        PaimonManifestDecoder decoder = new(avro);
        List<PaimonManifestEntry> entries = [];
        long memory = 0;
        while (avro.TryNextBlock(out long records, out ReadOnlyMemory<byte> block))
        {
            cancellationToken.ThrowIfCancellationRequested();
            AvroReader reader = new(block.Span, file);
            for (; records > 0; records--)
            {
                PaimonManifestEntry entry = decoder.ReadEntry(ref reader);
                memory += entry.MemorySize;
                entries.Add(entry);
            }

            if (reader.Remaining > 0) throw reader.Bad("a block has bytes behind its records");
        }

        return new PaimonManifest(entries, memory);
    }

    private PaimonManifestEntry ReadEntry(ref AvroReader reader)
    {
        _entry.Begin(ref reader);
        int? kind = null;
        int? bucket = null;
        bool hasPartition = false;
        FileMeta meta = default;
        for (int i = 0; i < _entry.Fields.Length; i++)
        {
            AvroField field = _entry.Fields[i];
            switch (_entry.Targets[i])
            {
                case 0:
                    PaimonVersions.Require(_file, reader.ReadInt(field), Version);
                    break;
                case 1:
                    kind = reader.ReadInt(field);
                    break;
                case 2:
                    hasPartition = reader.TryReadBytes(field, out ReadOnlySpan<byte> partition);

                    // Neighbours mostly lie in one partition: they share its bytes.
                    if (!partition.SequenceEqual(_lastPartition)) _lastPartition = partition.ToArray();
                    break;
                case 3:
                    bucket = reader.ReadInt(field);
                    break;
                case 4:
                    meta = ReadFile(ref reader);
                    break;
                default:
                    reader.Skip(field.Schema);
                    break;
            }
        }

        if (kind is not (0 or 1)) throw reader.Bad($"an entry has the kind {kind}");
        if (!hasPartition || bucket is null) throw reader.Bad("an entry lacks its partition or bucket");
        if (meta.FileName is null || meta.FileSize is not >= 0 || meta.RowCount is not >= 0 || meta.SchemaId is not >= 0 || meta.Level is not >= 0)
            throw reader.Bad($"the entry of the file '{meta.FileName}' lacks a size, row count, schema or level, or has a negative one");
        return new PaimonManifestEntry
        {
            IsAdd = kind == 0,
            Partition = _lastPartition,
            Bucket = bucket.Value,
            FileName = PaimonNames.Checked(_file, meta.FileName),
            FileSize = meta.FileSize.Value,
            RowCount = meta.RowCount.Value,
            MinSequenceNumber = meta.MinSequenceNumber ?? 0,
            MaxSequenceNumber = meta.MaxSequenceNumber,
            SchemaId = meta.SchemaId.Value,
            Level = meta.Level.Value,
            ExtraFiles = meta.ExtraFiles ?? [],
            EmbeddedIndex = meta.EmbeddedIndex,
            ExternalPath = meta.ExternalPath,
            DeleteRowCount = meta.DeleteRowCount ?? 0,
            HasWriteColumns = meta.HasWriteColumns,
        };
    }

    private FileMeta ReadFile(ref AvroReader reader)
    {
        _data.Begin(ref reader);
        FileMeta meta = default;
        for (int i = 0; i < _data.Fields.Length; i++)
        {
            AvroField field = _data.Fields[i];
            switch (_data.Targets[i])
            {
                case 0:
                    meta.FileName = reader.ReadString(field);
                    break;
                case 1:
                    meta.FileSize = reader.ReadLong(field);
                    break;
                case 2:
                    meta.RowCount = reader.ReadLong(field);
                    break;
                case 3:
                    meta.SchemaId = reader.ReadLong(field);
                    break;
                case 4:
                    meta.Level = reader.ReadInt(field);
                    break;
                case 5:
                    meta.MinSequenceNumber = reader.ReadLong(field);
                    break;
                case 6:
                    meta.ExtraFiles = reader.ReadStrings(field);
                    break;
                case 7:
                    meta.DeleteRowCount = reader.ReadLong(field);
                    break;
                case 8:
                    if (reader.TryReadBytes(field, out ReadOnlySpan<byte> index)) meta.EmbeddedIndex = index.ToArray();
                    break;
                case 9:
                    meta.ExternalPath = reader.ReadString(field);
                    break;
                case 10:
                    meta.HasWriteColumns = reader.ReadStrings(field) is not null;
                    break;
                case 11:
                    meta.MaxSequenceNumber = reader.ReadLong(field);
                    break;
                default:
                    reader.Skip(field.Schema);
                    break;
            }
        }

        return meta;
    }

    private struct FileMeta
    {
        internal string? FileName;
        internal long? FileSize;
        internal long? RowCount;
        internal long? SchemaId;
        internal int? Level;
        internal long? MinSequenceNumber;
        internal long? MaxSequenceNumber;
        internal string[]? ExtraFiles;
        internal long? DeleteRowCount;
        internal byte[]? EmbeddedIndex;
        internal string? ExternalPath;
        internal bool HasWriteColumns;
    }
}
