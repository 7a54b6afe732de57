using System.Collections;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Rows;

/// <summary>The elements of an ARRAY.</summary>
internal sealed class ElementsRow(TablePath table, string path, FlussType type) : NestedRows(table)
{
    private readonly string _elementPath = path + ".element";
    private readonly List<object?> _copied = [];
    private IList _elements = Array.Empty<object?>();

    public override string Expected => "an array, a list or another IEnumerable";

    public override FlussRow? Set(object value, out int count)
    {
        count = 0;
        switch (value)
        {
            case string:
                return null;

            // A multi-dimensional array is a list that cannot be indexed.
            case IList list when value is not Array { Rank: > 1 }:
                _elements = list;
                break;
            case IEnumerable values:
                _copied.Clear();
                foreach (object? element in values)
                {
                    _copied.Add(element);
                }

                _elements = _copied;
                break;
            default:
                return null;
        }

        count = _elements.Count;
        return this;
    }

    protected override object? Value(int column) => _elements[column];

    protected override FlussType TypeOf(int column) => type.Element!;

    protected override string PathOf(int column) => _elementPath;

    protected override int NestedSlot(int column) => 0;
}
