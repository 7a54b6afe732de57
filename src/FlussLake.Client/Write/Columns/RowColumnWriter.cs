using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>ROW: a child for each field.</summary>
internal sealed class RowColumnWriter(string place, FlussType type, ColumnWriter[] fields) : ColumnWriter(place, type)
{
    public override long ValueBytes
    {
        get
        {
            long bytes = 0;
            foreach (ColumnWriter child in fields)
            {
                bytes += child.ValueBytes;
            }

            return bytes;
        }
    }

    public override void Truncate(int length)
    {
        base.Truncate(length);
        foreach (ColumnWriter field in fields)
        {
            field.Truncate(length);
        }
    }

    protected override void AppendValue(FlussRow row, int column)
    {
        FlussRow nested = row.GetNested(column, out int count);
        if (count != fields.Length)
        {
            throw ValueErrors.WrongCount(Place, Type, count, fields.Length);
        }

        for (int i = 0; i < fields.Length; i++)
        {
            fields[i].Append(nested, i);
        }
    }

    protected override void AppendEmpty()
    {
        foreach (ColumnWriter field in fields)
        {
            field.AppendNull();
        }
    }

    protected override bool AreSameValues(int one, int other)
    {
        foreach (ColumnWriter field in fields)
        {
            if (!field.AreSame(one, other))
            {
                return false;
            }
        }

        return true;
    }

    protected override int HashOfValue(int index)
    {
        HashCode hash = default;
        foreach (ColumnWriter field in fields)
        {
            hash.Add(field.HashOf(index));
        }

        return hash.ToHashCode();
    }

    protected override void WriteValues(BodyWriter body)
    {
        foreach (ColumnWriter field in fields)
        {
            field.Write(body);
        }
    }
}
