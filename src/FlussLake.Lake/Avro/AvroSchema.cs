namespace FlussLake.Lake.Avro;

/// <summary>The writer's schema of an Avro file. It is a finite tree: the parser refuses types that contain themselves.</summary>
internal sealed class AvroSchema
{
    internal required AvroType Type { get; init; }

    /// <summary>The fields of a record, in the order in which they are written.</summary>
    internal AvroField[] Fields { get; init; } = [];

    /// <summary>The branches of a union.</summary>
    internal AvroSchema[] Branches { get; init; } = [];

    /// <summary>The type of an array's items or a map's values.</summary>
    internal AvroSchema? Items { get; init; }

    /// <summary>The size of a fixed type in bytes.</summary>
    internal int FixedSize { get; init; }

    /// <summary>The fewest bytes that a value takes; it bounds how many values a block can hold.</summary>
    internal required long MinimumSize { get; init; }

    /// <summary>The number of nodes with every named type written out; it bounds the work of skipping one value.</summary>
    internal required long Weight { get; init; }

    /// <summary>The record that this schema is, or the only one among the branches of a union such as <c>["null", record]</c>; null where there is none.</summary>
    internal AvroSchema? Record
    {
        get
        {
            if (Type == AvroType.Record) return this;
            AvroSchema? record = null;
            foreach (AvroSchema branch in Branches)
            {
                if (branch.Type != AvroType.Record) continue;
                if (record is not null) return null;
                record = branch;
            }

            return record;
        }
    }
}
