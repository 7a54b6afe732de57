using System.Collections;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Rows;

/// <summary>The entries of a MAP: keys and values in turn.</summary>
internal sealed class EntriesRow(TablePath table, string path, FlussType type) : NestedRows(table)
{
    private readonly string _keyPath = path + ".key";
    private readonly string _valuePath = path + ".value";
    private readonly List<object?> _values = [];
    private PairReader? _pairs;

    public override string Expected => "an IDictionary, or an IEnumerable of KeyValuePair";

    public override FlussRow? Set(object value, out int count)
    {
        _values.Clear();
        count = 0;
        switch (value)
        {
            case IDictionary dictionary:
                foreach (DictionaryEntry entry in dictionary)
                {
                    _values.Add(entry.Key);
                    _values.Add(entry.Value);
                }

                break;
            case IEnumerable<KeyValuePair<object, object?>> pairs:
                foreach ((object key, object? mapped) in pairs)
                {
                    _values.Add(key);
                    _values.Add(mapped);
                }

                break;
            case IEnumerable values and not string:
                foreach (object? pair in values)
                {
                    if (pair is null || (_pairs = PairReader.For(pair.GetType(), _pairs)) is null)
                    {
                        return null;
                    }

                    _values.Add(_pairs.Key(pair));
                    _values.Add(_pairs.Value(pair));
                }

                break;
            default:
                return null;
        }

        count = _values.Count / 2;
        return this;
    }

    protected override object? Value(int column) => _values[column];

    protected override FlussType TypeOf(int column) => (column & 1) == 0 ? type.Key! : type.Value!;

    protected override string PathOf(int column) => (column & 1) == 0 ? _keyPath : _valuePath;

    protected override int NestedSlot(int column) => column & 1;
}
