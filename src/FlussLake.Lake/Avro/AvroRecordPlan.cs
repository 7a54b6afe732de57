namespace FlussLake.Lake.Avro;

/// <summary>Which of the fields that a reader knows stand where in a file's record: matched by name, so that files of older and newer writers are read alike.</summary>
internal sealed class AvroRecordPlan
{
    private readonly AvroSchema _schema;
    private readonly AvroSchema _record;

    private AvroRecordPlan(AvroSchema schema, AvroSchema record, int[] targets)
    {
        _schema = schema;
        _record = record;
        Targets = targets;
    }

    /// <summary>The fields in the order in which they are written.</summary>
    internal AvroField[] Fields => _record.Fields;

    /// <summary>For each field the index of its name among the known ones, or -1 for one to be skipped.</summary>
    internal int[] Targets { get; }

    /// <summary>Matches a schema, which may be a union of null and a record, with the names that a reader knows.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="names">The names.</param>
    /// <param name="required">How many of the names, counted from the first, must be there.</param>
    internal static AvroRecordPlan Bind(string file, AvroSchema schema, ReadOnlySpan<string> names, int required)
    {
        AvroSchema record = schema.Record ?? throw LakeErrors.Damaged(file, "its Avro schema has no record where one belongs");
        int[] targets = new int[record.Fields.Length];
        int found = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = names.IndexOf(record.Fields[i].Name);
            if (targets[i] >= 0 && targets[i] < required) found++;
        }

        if (found < required)
        {
            foreach (string name in names[..required])
            {
                if (!Array.Exists(record.Fields, f => f.Name == name)) throw LakeErrors.Damaged(file, $"its Avro schema lacks the field '{name}'");
            }
        }

        return new AvroRecordPlan(schema, record, targets);
    }

    /// <summary>Begins a record: follows the union, if there is one.</summary>
    internal void Begin(ref AvroReader reader)
    {
        if (reader.Resolve(_schema) != _record) throw reader.Bad("a record is null");
    }
}
