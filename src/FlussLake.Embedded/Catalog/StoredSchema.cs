using FlussLake.Client.Metadata;
using FlussLake.Embedded.Log;

namespace FlussLake.Embedded.Catalog;

/// <summary>One version of a table's schema.</summary>
/// <param name="Schema">The schema.</param>
internal sealed record StoredSchema(TableSchema Schema)
{
    /// <summary>The schema as it goes over the wire.</summary>
    public byte[] Json { get; } = TableJson.Write(Schema);

    /// <summary>Where each column lies in record batches.</summary>
    public ColumnSpan[] Spans { get; } = ColumnSpan.Of(Schema);
}
