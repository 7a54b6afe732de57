namespace FlussLake.Lake;

/// <summary>A column of a lake table.</summary>
/// <param name="Id">The field's id: it stays when the column is renamed or moved, and Parquet files carry it.</param>
/// <param name="Name">The name in this version of the schema.</param>
/// <param name="Type">The type's root as the lake writes it, without NOT NULL, for example <c>DECIMAL(12, 2)</c>, <c>TIMESTAMP(6) WITH LOCAL TIME ZONE</c> or <c>ARRAY</c>.</param>
/// <param name="IsNullable">Whether NULL is allowed.</param>
public sealed record LakeField(int Id, string Name, string Type, bool IsNullable);
