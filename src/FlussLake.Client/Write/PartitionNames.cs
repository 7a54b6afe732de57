using FlussLake.Client.Metadata;
using FlussLake.Client.Write.Keys;

namespace FlussLake.Client.Write;

/// <summary>
/// Tells the partition of each row of a partitioned table. Names that came before are found without an allocation. One instance belongs to one thread at a time.
/// </summary>
internal sealed class PartitionNames
{
    private const int MostRemembered = 10_000;

    private readonly KeyColumn[] _columns;
    private readonly IReadOnlyList<string> _keys;
    private readonly Dictionary<string, PartitionName> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PartitionName>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly PartitionText _text = new();

    private PartitionNames(KeyColumn[] columns, IReadOnlyList<string> keys)
    {
        _columns = columns;
        _keys = keys;
        _lookup = _known.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Creates the names of a table's partitions; null for a table that has none.</summary>
    /// <exception cref="FlussException">A partition key has a type that cannot be one.</exception>
    public static PartitionNames? Create(TableInfo table)
    {
        if (table.PartitionKeys.Count == 0)
        {
            return null;
        }

        KeyColumn[] columns = KeyColumn.Find(table.Path, table.Schema, table.PartitionKeys);
        foreach (KeyColumn column in columns)
        {
            if (!PartitionText.IsSupported(column.Type.Kind))
            {
                throw KeyErrors.UnsupportedType(column.Place, column.Type, "partition key");
            }
        }

        return new PartitionNames(columns, table.PartitionKeys);
    }

    /// <summary>The partition of a row.</summary>
    /// <exception cref="ArgumentException">A value is null or makes no name that the server allows.</exception>
    public PartitionName Of(FlussRow row)
    {
        _text.Clear();
        for (int i = 0; i < _columns.Length; i++)
        {
            _text.Append(row, _columns[i]);
        }

        return _lookup.TryGetValue(_text.Name, out PartitionName? known) ? known : Remember();
    }

    private PartitionName Remember()
    {
        if (_known.Count == MostRemembered)
        {
            _known.Clear();
        }

        KeyValuePair<string, string>[] values = new KeyValuePair<string, string>[_keys.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = new KeyValuePair<string, string>(_keys[i], _text.Value(i).ToString());
        }

        PartitionName name = new(_text.Name.ToString(), values);
        _known.Add(name.Name, name);
        return name;
    }
}
