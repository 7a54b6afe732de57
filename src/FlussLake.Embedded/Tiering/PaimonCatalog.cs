using System.Text.Json.Nodes;
using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.Lake;
using FlussLake.Lake;
using FlussLake.Lake.Paimon;

namespace FlussLake.Embedded.Tiering;

/// <summary>
/// The tables of a Paimon warehouse on this machine's disk, laid out as Fluss 0.9's coordinator creates them: the table's own columns, then those that
/// <see cref="SystemColumns"/> names. Safe for use by several threads and processes.
/// </summary>
internal sealed class PaimonCatalog(string warehouse) : ILakeCatalog
{
    private const int SchemaVersion = 3;
    private const int AlterAttempts = 100;

    private static readonly string[] s_partitionKeyTypes =
        ["CHAR", "VARCHAR", "STRING", "BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "DATE", "TIME", "TIMESTAMP"];

    // Paimon's immutable options that do not follow from the Fluss table itself.
    private static readonly string[] s_comparedOptions = ["bucket", "bucket-key", "partition.legacy-name", "merge-engine", "sequence.field", "primary-key", "partition", "type"];

    /// <summary>Creates a table, and its database's folder where it is missing. A table that is there, has the same columns and options and no snapshot, is taken as it is.</summary>
    /// <param name="table">The table.</param>
    /// <param name="isNew">Whether the Fluss table itself is being created; one that only gets its lake half again may have rows there.</param>
    /// <exception cref="FlussException">
    /// <see cref="FlussErrorCode.LakeTableAlreadyExist"/>: a table of that name is there, and differs or is not empty. <see cref="FlussErrorCode.InvalidTable"/>,
    /// <see cref="FlussErrorCode.InvalidConfig"/>: the table cannot be kept in the lake.
    /// </exception>
    public void CreateTable(TableInfo table, bool isNew = true)
    {
        byte[] json = PaimonSchemaJson.Write(NewSchema(table));
        PaimonTableFolder folder = new(warehouse, table.Path);
        Directory.CreateDirectory(folder.SchemaFolder);
        if (folder.Exists || !AtomicFile.TryCreate(folder.SchemaPath(0), json))
        {
            RequireSame(table.Path, folder, PaimonTableSchema.Parse(folder.SchemaPath(0), json, 0), isNew);
            if (isNew && folder.SnapshotIds().Any())
            {
                throw TieringErrors.AlreadyExists(table.Path, "it is not empty");
            }
        }
    }

    /// <summary>Adds the columns that the lake table lacks, before the system columns; nothing is done where it lacks none.</summary>
    /// <exception cref="FlussException"><see cref="FlussErrorCode.InvalidAlterTable"/>: a column is there with another type, or a new one is NOT NULL.</exception>
    public void AddColumns(TableInfo table)
    {
        PaimonTableFolder folder = new(warehouse, table.Path);
        for (int attempt = 0; attempt < AlterAttempts; attempt++)
        {
            PaimonTableSchema latest = folder.Exists ? folder.LatestSchema() : throw TieringErrors.TableNotFound(table.Path, folder.Root);
            List<FlussColumn> added = Missing(table, latest.Schema);
            if (added.Count == 0)
            {
                return;
            }

            byte[] json = PaimonSchemaJson.WithColumns(folder.SchemaPath(latest.Schema.Id), folder.SchemaBytes(latest.Schema.Id), added);
            if (AtomicFile.TryCreate(folder.SchemaPath(latest.Schema.Id + 1), json))
            {
                return;
            }
        }

        throw TieringErrors.Contended(folder.Root, AlterAttempts);
    }

    /// <summary>Whether the lake has a table of that name.</summary>
    public bool TableExists(TablePath path) => new PaimonTableFolder(warehouse, path).Exists;

    /// <summary>The id of the newest snapshot, whoever committed it; null where there is none.</summary>
    public long? LatestSnapshot(TablePath path) => new PaimonTableFolder(warehouse, path).SnapshotIds().Cast<long?>().FirstOrDefault();

    /// <summary>The newest snapshot that a tiering committed, to find commits that Fluss was never told of; null where there is none.</summary>
    public PaimonTieringSnapshot? LatestTieringSnapshot(TablePath path)
    {
        PaimonTableFolder folder = new(warehouse, path);
        foreach (long id in folder.SnapshotIds())
        {
            if (folder.TryReadSnapshot(id) is var (snapshot, _) && snapshot.CommitUser == PaimonTieringSnapshot.CommitUser)
            {
                return new PaimonTieringSnapshot(id, snapshot.Properties);
            }
        }

        return null;
    }

    private static JsonObject NewSchema(TableInfo table)
    {
        if (table.Schema.PrimaryKey.Count > 0)
        {
            throw TieringErrors.PrimaryKey(table.Path);
        }

        PaimonFieldJson numbering = new(-1);
        JsonArray fields = [];
        foreach (FlussColumn column in table.Schema.Columns)
        {
            if (SystemColumns.Contains(column.Name))
            {
                throw TieringErrors.SystemColumn(table.Path, column.Name);
            }

            if (table.PartitionKeys.Contains(column.Name) && !s_partitionKeyTypes.Contains(PaimonDataType.Parse(PaimonFieldJson.Name(column.Type)).Root))
            {
                throw TieringErrors.PartitionKey(table.Path, column.Name, column.Type);
            }

            fields.Add((JsonNode)numbering.Column(column));
        }

        foreach ((string name, string type) in SystemColumns.All)
        {
            fields.Add((JsonNode)numbering.SystemColumn(name, type));
        }

        JsonObject schema = new()
        {
            ["version"] = SchemaVersion,
            ["id"] = 0,
            ["fields"] = fields,
            ["highestFieldId"] = numbering.HighestId,
            ["partitionKeys"] = new JsonArray([.. table.PartitionKeys.Select(key => (JsonNode)key)]),
            ["primaryKeys"] = new JsonArray(),
            ["options"] = new JsonObject(PaimonTableOptions.Of(table).Select(option => KeyValuePair.Create(option.Key, (JsonNode?)option.Value))),
        };
        if (table.Comment is { } comment)
        {
            schema["comment"] = comment;
        }

        schema["timeMillis"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return schema;
    }

    private static void RequireSame(TablePath path, PaimonTableFolder folder, PaimonTableSchema wanted, bool isNew)
    {
        PaimonTableSchema existing = folder.LatestSchema();
        if (!IsSame(existing, wanted))
        {
            throw isNew
                ? TieringErrors.AlreadyExists(path, "its columns, partition keys or bucket options are not the new table's")
                : TieringErrors.CannotTakeAgain(path, $"the columns, partition keys or bucket options of the lake table '{folder.Root}' are not the table's");
        }
    }

    private static bool IsSame(PaimonTableSchema existing, PaimonTableSchema wanted) =>
        existing.Schema.Fields.Count == wanted.Schema.Fields.Count
        && existing.Schema.Fields.Zip(wanted.Schema.Fields, PaimonTypeMatch.Same).All(same => same)
        && existing.Schema.PartitionKeys.SequenceEqual(wanted.Schema.PartitionKeys)
        && existing.Schema.PrimaryKeys.Count == 0
        && s_comparedOptions.All(option => existing.Options.GetValueOrDefault(option) == wanted.Options.GetValueOrDefault(option));

    private static List<FlussColumn> Missing(TableInfo table, LakeSchema schema)
    {
        List<FlussColumn> missing = [];
        foreach (FlussColumn column in table.Schema.Columns)
        {
            if (schema.Fields.FirstOrDefault(field => field.Name == column.Name) is not { } field)
            {
                missing.Add(column);
            }
            else if (!PaimonTypeMatch.Holds(field, column.Type))
            {
                throw TieringErrors.CannotAlter(table.Path, $"column '{column.Name}' has the type {column.Type}, and in the lake the type {field.Type}");
            }
        }

        if (missing.Find(column => !column.Type.IsNullable || SystemColumns.Contains(column.Name)) is { } refused)
        {
            throw TieringErrors.CannotAlter(table.Path, $"column '{refused.Name}' is NOT NULL, or has the name of a column that Fluss adds");
        }

        return missing;
    }
}
