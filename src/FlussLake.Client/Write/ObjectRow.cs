using FlussLake.Client.Metadata;
using FlussLake.Client.Write.Rows;

namespace FlussLake.Client.Write;

/// <summary>
/// A row of .NET objects; one instance is set to one row after the other. <see langword="null"/> and <see cref="DBNull"/> are NULL. What each Fluss type takes:
/// <list type="table">
/// <listheader><term>Fluss</term><description>.NET</description></listheader>
/// <item><term>BOOLEAN</term><description>bool</description></item>
/// <item><term>TINYINT, SMALLINT, INT, BIGINT</term><description>sbyte, byte, short, ushort, int, uint, long, ulong, Int128, UInt128, BigInteger, if the value fits</description></item>
/// <item><term>FLOAT, DOUBLE</term><description>Half, float, double, and every integer; rounded to the nearest value</description></item>
/// <item><term>DECIMAL</term><description>decimal, SqlDecimal, and every integer; never rounded: more fractional digits than the scale are refused unless they are zeros</description></item>
/// <item><term>CHAR, STRING</term><description>string, char, char[], ReadOnlyMemory&lt;char&gt;</description></item>
/// <item><term>BINARY, BYTES</term><description>byte[], ReadOnlyMemory&lt;byte&gt;, Memory&lt;byte&gt;, ArraySegment&lt;byte&gt;; BINARY(n) exactly n bytes</description></item>
/// <item><term>DATE</term><description>DateOnly; DateTime at midnight</description></item>
/// <item><term>TIME</term><description>TimeOnly, TimeSpan from 0 to below 24 hours; digits behind the precision are cut, and because Fluss keeps only milliseconds, finer digits that the precision declares are refused</description></item>
/// <item><term>TIMESTAMP</term><description>DateTime of any kind: its clock reading, without any conversion; FlussTimestamp. Digits behind the unit of the precision (s, ms, µs, ns) are cut</description></item>
/// <item><term>TIMESTAMP_LTZ</term><description>DateTimeOffset; DateTime of kind Utc or Local; FlussTimestamp. Cut as TIMESTAMP</description></item>
/// <item><term>ARRAY</term><description>an array, a list, another IEnumerable</description></item>
/// <item><term>MAP</term><description>IDictionary, IEnumerable of KeyValuePair; each key once</description></item>
/// <item><term>ROW</term><description>IReadOnlyList&lt;object?&gt; by position; IReadOnlyDictionary&lt;string, object?&gt; by name, where fields that are not there are NULL</description></item>
/// </list>
/// Every other .NET type is refused with an <see cref="ArgumentException"/> that names the column and both types.
/// </summary>
/// <param name="table">The table, for messages.</param>
/// <param name="schema">The schema version of the rows.</param>
internal sealed class ObjectRow(TablePath table, TableSchema schema) : ObjectValues(table)
{
    private readonly IReadOnlyList<FlussColumn> _columns = schema.Columns;
    private IReadOnlyList<object?> _values = [];

    /// <summary>Takes the values of the next row, one for each column of the schema. They are read when the row is written.</summary>
    /// <exception cref="ArgumentException">There are not as many values as columns.</exception>
    public void Set(IReadOnlyList<object?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != _columns.Count)
        {
            throw new ArgumentException($"A row of {values.Count} values cannot be written to table {Table}, which has {_columns.Count} columns.", nameof(values));
        }

        _values = values;
    }

    protected override object? Value(int column) => _values[column];

    protected override FlussType TypeOf(int column) => _columns[column].Type;

    protected override string PathOf(int column) => _columns[column].Name;

    protected override int NestedSlot(int column) => column;
}
