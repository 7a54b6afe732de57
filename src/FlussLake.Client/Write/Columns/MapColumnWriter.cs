using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>MAP: offsets into a struct of keys and values, which Arrow calls the entries.</summary>
internal sealed class MapColumnWriter(string place, FlussType type, ColumnWriter keys, ColumnWriter values) : ColumnWriter(place, type)
{
    // Up to so many keys are compared with each other, which allocates nothing.
    private const int MostCompared = 16;

    private readonly OffsetBuffer _offsets = new();
    private readonly BitBuffer _entries = new();

    public override long ValueBytes => (4L * Length) + keys.ValueBytes + values.ValueBytes;

    public override void Truncate(int length)
    {
        base.Truncate(length);
        int entries = _offsets[length];
        _entries.Truncate(entries);
        keys.Truncate(entries);
        values.Truncate(entries);
    }

    protected override void AppendValue(FlussRow row, int column)
    {
        FlussRow nested = row.GetNested(column, out int count);
        for (int i = 0; i < count; i++)
        {
            keys.Append(nested, 2 * i);
            values.Append(nested, (2 * i) + 1);
            _entries.Append(true);
        }

        CheckKeys(_offsets[Length], count);
        _offsets.SetEnd(Length, _entries.Length);
    }

    protected override void AppendEmpty() => _offsets.SetEnd(Length, _offsets[Length]);

    protected override bool AreSameValues(int one, int other)
    {
        int count = _offsets[one + 1] - _offsets[one];
        bool same = count == _offsets[other + 1] - _offsets[other];
        for (int i = 0; i < count && same; i++)
        {
            same = keys.AreSame(_offsets[one] + i, _offsets[other] + i) && values.AreSame(_offsets[one] + i, _offsets[other] + i);
        }

        return same;
    }

    protected override int HashOfValue(int index)
    {
        HashCode hash = default;
        for (int i = _offsets[index]; i < _offsets[index + 1]; i++)
        {
            hash.Add(keys.HashOf(i));
        }

        return hash.ToHashCode();
    }

    protected override void WriteValues(BodyWriter body)
    {
        body.AddBuffer(_offsets.Bytes(Length));
        body.AddNode(_entries.Length, 0);
        body.AddBuffer(_entries.Bytes);
        keys.Write(body);
        values.Write(body);
    }

    // A map has each key once: which of two values of a key a reader takes, nobody could tell.
    private void CheckKeys(int first, int count)
    {
        if (count > MostCompared)
        {
            Dictionary<int, int> seen = new(count, new KeyComparer(keys));
            for (int i = 0; i < count; i++)
            {
                if (!seen.TryAdd(first + i, i))
                {
                    throw ValueErrors.RepeatedKey(Place, Type, seen[first + i], i);
                }
            }

            return;
        }

        for (int i = 1; i < count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (keys.AreSame(first + i, first + j))
                {
                    throw ValueErrors.RepeatedKey(Place, Type, j, i);
                }
            }
        }
    }

    private sealed class KeyComparer(ColumnWriter keys) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => keys.AreSame(x, y);

        public int GetHashCode(int obj) => keys.HashOf(obj);
    }
}
