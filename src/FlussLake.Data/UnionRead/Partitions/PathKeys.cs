using FlussLake.Client.Metadata;
using FlussLake.Lake;

namespace FlussLake.Data.UnionRead.Partitions;

/// <summary>
/// Decides whose partition values DuckDB may take from the files' paths: it reads every <c>name=value</c> in a path for a column, so there must be no other than the partition keys, and
/// what it makes of each must be the value that the manifests tell.
/// </summary>
internal sealed class PathKeys(PartitionKeyColumn[] keys, LakeScan lake)
{
    // What DuckDB takes for NULL, whatever the type.
    private const string NullText = "NULL";
    private const string HiveNull = "__HIVE_DEFAULT_PARTITION__";

    // For each folder of a path, which of the keys it tells.
    private readonly int[] _order = [.. lake.Schema.PartitionKeys.Select(name => Array.FindIndex(keys, key => key.Column.Name == name))];

    private readonly bool _areUsable = keys.All(key => CanTell(key.Column.Type.Kind, key.Column.Type.Precision))
        && lake.Schema.PartitionKeys.Count == keys.Length && lake.Schema.PartitionKeys.All(name => Array.Exists(keys, key => key.Column.Name == name))
        && lake.FileSchemas.Values.All(schema => keys.All(key => IsSameColumn(lake, schema, key.Column.Name)));

    /// <summary>The positions of the keys in the table's schema.</summary>
    public IReadOnlyList<int> Positions { get; } = [.. keys.Select(key => key.Position)];

    /// <summary>Whether the paths of all files of one partition tell its values.</summary>
    public bool Tell(LakeArm part) => _areUsable && part.Constants.Count == keys.Length && part.Files.All(file => Tells(file.Path, part.Constants));

    private static bool CanTell(FlussTypeKind kind, int precision) => kind switch
    {
        FlussTypeKind.Boolean or FlussTypeKind.TinyInt or FlussTypeKind.SmallInt or FlussTypeKind.Int or FlussTypeKind.BigInt => true,
        FlussTypeKind.Char or FlussTypeKind.String or FlussTypeKind.Date or FlussTypeKind.Time => true,
        FlussTypeKind.Timestamp => precision <= ColumnTypes.MicrosecondPrecision,
        _ => false,
    };

    private static bool IsSameColumn(LakeScan lake, LakeSchema schema, string name) =>
        schema.Fields.FirstOrDefault(field => field.Name == name)?.Id == lake.Schema.Fields.FirstOrDefault(field => field.Name == name)?.Id;

    private bool Tells(string path, IReadOnlyList<PartitionConstant> constants)
    {
        string[] parts = [.. path.Split('/').Where(part => part.Contains('=', StringComparison.Ordinal))];
        return parts.Length == _order.Length && Enumerable.Range(0, parts.Length).All(i => Tells(parts[i], keys[_order[i]], constants[_order[i]].Text));
    }

    private static bool Tells(string part, PartitionKeyColumn key, string? expected)
    {
        int equals = part.IndexOf('=', StringComparison.Ordinal);
        string value = part[(equals + 1)..];
        if (part[..equals] != key.Column.Name || value.Contains('=', StringComparison.Ordinal))
        {
            return false;
        }

        string told = Uri.UnescapeDataString(value);
        return !told.Equals(NullText, StringComparison.OrdinalIgnoreCase) && told != HiveNull
            && LakePartitionText.TryRead(key.Column.Type, told, out string? text) && text == expected;
    }
}
