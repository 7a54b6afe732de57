using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Rows;

/// <summary>The fields of a ROW, given by position or by name.</summary>
internal sealed class FieldsRow : NestedRows
{
    private readonly string _path;
    private readonly FlussType _type;
    private readonly string[] _paths;
    private readonly object?[] _named;
    private IReadOnlyList<object?> _fields = [];

    public FieldsRow(TablePath table, string path, FlussType type)
        : base(table)
    {
        _path = path;
        _type = type;
        _paths = [.. type.Fields.Select(field => $"{path}.{field.Name}")];
        _named = new object?[type.Fields.Count];
    }

    public override string Expected => "an IReadOnlyList<object?> of the fields in order, or an IReadOnlyDictionary<string, object?> by name";

    public override FlussRow? Set(object value, out int count)
    {
        switch (value)
        {
            case IReadOnlyList<object?> fields:
                _fields = fields;
                break;
            case IReadOnlyDictionary<string, object?> named:
                Match(named);
                _fields = _named;
                break;
            default:
                count = 0;
                return null;
        }

        count = _fields.Count;
        return this;
    }

    protected override object? Value(int column) => _fields[column];

    protected override FlussType TypeOf(int column) => _type.Fields[column].Type;

    protected override string PathOf(int column) => _paths[column];

    protected override int NestedSlot(int column) => column;

    /// <summary>Fields that are not named are null.</summary>
    private void Match(IReadOnlyDictionary<string, object?> named)
    {
        int found = 0;
        for (int i = 0; i < _named.Length; i++)
        {
            found += named.TryGetValue(_type.Fields[i].Name, out _named[i]) ? 1 : 0;
        }

        if (found != named.Count)
        {
            string unknown = named.Keys.First(name => _type.Fields.All(field => field.Name != name));
            throw ValueErrors.UnknownField(ValueErrors.Place(Table, _path), _type, unknown);
        }
    }
}
