using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Log.Rows;

/// <summary>Is given the values of rows as they are walked. A struct, so that each way of using the values gets code of its own.</summary>
internal interface IRowSink
{
    /// <summary>A null; that of a ROW is one of each of its fields too.</summary>
    void Null(ColumnLayout column);

    /// <summary>A value of up to 64 bits in the unit of the column; DECIMAL is its unscaled value, FLOAT and DOUBLE are their bits.</summary>
    void Number(ColumnLayout column, long value);

    /// <summary>The unscaled value of a DECIMAL.</summary>
    void Decimal(ColumnLayout column, Int128 value);

    void Bytes(ColumnLayout column, ReadOnlySpan<byte> value);

    /// <summary>An ARRAY or MAP; its elements or entries follow.</summary>
    void List(ColumnLayout column, int count);

    /// <summary>A ROW, or an entry of a MAP; its fields follow.</summary>
    void Struct(ColumnLayout column);
}
