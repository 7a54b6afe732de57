using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>
/// Collects the values of one column or nested field in the layout of Arrow. What was written is told by <see cref="Length"/> alone: bytes behind the last value mean
/// nothing, so that a row refused half-way is taken back by <see cref="Truncate"/>.
/// </summary>
/// <param name="place">How messages name the field.</param>
/// <param name="type">The field's type.</param>
internal abstract class ColumnWriter(string place, FlussType type)
{
    private readonly BitBuffer _validity = new();
    private int _nulls;

    /// <summary>The number of values.</summary>
    public int Length => _validity.Length;

    /// <summary>The bytes of the values, without their null bits.</summary>
    public abstract long ValueBytes { get; }

    protected string Place { get; } = place;

    protected FlussType Type { get; } = type;

    /// <summary>Appends a value of a row.</summary>
    /// <exception cref="ArgumentException">The type cannot hold the value; the caller takes back what was written.</exception>
    public void Append(FlussRow row, int column)
    {
        if (row.IsNull(column))
        {
            if (!Type.IsNullable)
            {
                throw ValueErrors.Null(Place, Type);
            }

            AppendNull();
            return;
        }

        AppendValue(row, column);
        _validity.Append(true);
    }

    /// <summary>Appends a null, also where the type is NOT NULL: below a struct that is null, nothing else can stand.</summary>
    public void AppendNull()
    {
        AppendEmpty();
        _validity.Append(false);
        _nulls++;
    }

    /// <summary>Drops the values from <paramref name="length"/> on.</summary>
    public virtual void Truncate(int length)
    {
        _validity.Truncate(length);
        _nulls = length == 0 ? 0 : _validity.CountZeros();
    }

    /// <summary>Whether two of the values are the same: for the keys of maps.</summary>
    public bool AreSame(int one, int other) => _validity[one] == _validity[other] && (!_validity[one] || AreSameValues(one, other));

    /// <summary>A hash code of a value, the same for values that are the same.</summary>
    public int HashOf(int index) => _validity[index] ? HashOfValue(index) : 0;

    /// <summary>Writes node and buffers, depth first.</summary>
    public void Write(BodyWriter body)
    {
        body.AddNode(Length, _nulls);

        // Java writers always write the null bits, so that the server's projection finds the same number of bytes in every batch.
        body.AddBuffer(_validity.Bytes);
        WriteValues(body);
    }

    /// <summary>Stores a value at the index <see cref="Length"/>.</summary>
    protected abstract void AppendValue(FlussRow row, int column);

    /// <summary>Stores the slot of a null at the index <see cref="Length"/>.</summary>
    protected abstract void AppendEmpty();

    protected abstract bool AreSameValues(int one, int other);

    protected abstract int HashOfValue(int index);

    /// <summary>Writes the buffers behind the null bits, and the children.</summary>
    protected abstract void WriteValues(BodyWriter body);
}
