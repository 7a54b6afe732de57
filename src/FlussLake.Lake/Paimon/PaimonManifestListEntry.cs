using FlussLake.Lake.Avro;

namespace FlussLake.Lake.Paimon;

/// <summary>A manifest as a manifest list names it.</summary>
internal sealed record PaimonManifestListEntry(string FileName, long FileSize, long AddedFiles, long DeletedFiles)
{
    private const int Version = 2;
    private static readonly string[] Names = ["_VERSION", "_FILE_NAME", "_FILE_SIZE", "_NUM_ADDED_FILES", "_NUM_DELETED_FILES"];

    internal static IReadOnlyList<PaimonManifestListEntry> Parse(string file, byte[] bytes, CancellationToken cancellationToken)
    {
        AvroFile avro = AvroFile.Open(file, bytes);
        AvroRecordPlan plan = AvroRecordPlan.Bind(file, avro.Schema, Names, Names.Length);
        List<PaimonManifestListEntry> entries = [];
        while (avro.TryNextBlock(out long records, out ReadOnlyMemory<byte> block))
        {
            cancellationToken.ThrowIfCancellationRequested();
            AvroReader reader = new(block.Span, file);
            for (; records > 0; records--) entries.Add(Read(ref reader, plan, file));
            if (reader.Remaining > 0) throw reader.Bad("a block has bytes behind its records");
        }

        return entries;
    }

    private static PaimonManifestListEntry Read(ref AvroReader reader, AvroRecordPlan plan, string file)
    {
        plan.Begin(ref reader);
        string? name = null;
        long size = -1;
        long added = -1;
        long deleted = -1;
        for (int i = 0; i < plan.Fields.Length; i++)
        {
            AvroField field = plan.Fields[i];
            switch (plan.Targets[i])
            {
                case 0:
                    PaimonVersions.Require(file, reader.ReadInt(field), Version);
                    break;
                case 1:
                    name = reader.ReadString(field);
                    break;
                case 2:
                    size = reader.ReadLong(field) ?? -1;
                    break;
                case 3:
                    added = reader.ReadLong(field) ?? -1;
                    break;
                case 4:
                    deleted = reader.ReadLong(field) ?? -1;
                    break;
                default:
                    reader.Skip(field.Schema);
                    break;
            }
        }

        if (name is null || size < 0 || added < 0 || deleted < 0) throw reader.Bad("an entry lacks its file's name, size or number of entries");
        return new PaimonManifestListEntry(PaimonNames.Checked(file, name), size, added, deleted);
    }
}
