namespace FlussLake.Lake.Avro;

/// <summary>A field of an Avro record.</summary>
internal sealed record AvroField(string Name, AvroSchema Schema);
