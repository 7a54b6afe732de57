using System.Data.Common;
using System.Data.SqlTypes;
using FlussLake.Client.Write.Rows;

namespace FlussLake.Data.BulkCopy;

/// <summary>A reader's column of decimals, for values that are not null. Readers say so of columns with more digits than System.Decimal holds, too: such values come as SqlDecimal.</summary>
internal sealed class DecimalColumn(DbDataReader reader, int ordinal) : SourceColumn
{
    private decimal _value;
    private SqlDecimal? _wide;

    public override bool Fetch()
    {
        try
        {
            _wide = null;
            _value = reader.GetDecimal(ordinal);
        }
        catch (Exception exception) when (exception is OverflowException or InvalidCastException)
        {
            _wide = reader.GetFieldValue<SqlDecimal>(ordinal);
        }

        return true;
    }

    public override ScaledDecimal Scale(int scale, out Int128 unscaled)
    {
        unscaled = 0;
        return _wide is null ? ObjectNumbers.Scale(_value, scale, out unscaled) : ScaledDecimal.NotANumber;
    }

    public override object Value() => _wide is { } wide ? wide : _value;
}
