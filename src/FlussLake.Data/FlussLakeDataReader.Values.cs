using System.Data.SqlTypes;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using DuckDB.NET.Data;
using FlussLake.Data.Reader;

namespace FlussLake.Data;

public sealed partial class FlussLakeDataReader
{
    /// <inheritdoc/>
    public override object this[int ordinal] => GetValue(ordinal);

    /// <inheritdoc/>
    public override object this[string name] => GetValue(GetOrdinal(name));

    /// <inheritdoc/>
    public override bool GetBoolean(int ordinal) => GetFieldValue<bool>(ordinal);

    /// <inheritdoc/>
    public override byte GetByte(int ordinal) => GetFieldValue<byte>(ordinal);

    /// <inheritdoc/>
    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length)
    {
        byte[] bytes = GetFieldValue<byte[]>(ordinal);
        return Copy<byte>(bytes, dataOffset, buffer, bufferOffset, length);
    }

    /// <summary>The only character of a string.</summary>
    /// <param name="ordinal">The column.</param>
    /// <returns>The character.</returns>
    /// <exception cref="InvalidCastException">The column is no string, or the string has not exactly one character.</exception>
    public override char GetChar(int ordinal) => GetFieldValue<char>(ordinal);

    /// <inheritdoc/>
    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        Copy(GetFieldValue<string>(ordinal).AsSpan(), dataOffset, buffer, bufferOffset, length);

    /// <summary>DuckDB's name of the column's type, such as <c>DECIMAL(18,2)</c>.</summary>
    /// <param name="ordinal">The column.</param>
    /// <returns>The name.</returns>
    public override string GetDataTypeName(int ordinal) => Column(ordinal).Display;

    /// <inheritdoc/>
    public override DateTime GetDateTime(int ordinal) => GetFieldValue<DateTime>(ordinal);

    /// <inheritdoc/>
    public override decimal GetDecimal(int ordinal) => GetFieldValue<decimal>(ordinal);

    /// <inheritdoc/>
    public override double GetDouble(int ordinal) => GetFieldValue<double>(ordinal);

    /// <inheritdoc/>
    public override Type GetFieldType(int ordinal) => Column(ordinal).ValueType;

    /// <inheritdoc/>
    public override float GetFloat(int ordinal) => GetFieldValue<float>(ordinal);

    /// <inheritdoc/>
    public override Guid GetGuid(int ordinal) => GetFieldValue<Guid>(ordinal);

    /// <inheritdoc/>
    public override short GetInt16(int ordinal) => GetFieldValue<short>(ordinal);

    /// <inheritdoc/>
    public override int GetInt32(int ordinal) => GetFieldValue<int>(ordinal);

    /// <inheritdoc/>
    public override long GetInt64(int ordinal) => GetFieldValue<long>(ordinal);

    /// <inheritdoc/>
    public override string GetName(int ordinal) => Column(ordinal).ColumnName;

    /// <summary>Where the column of a name is. A column that matches exactly goes before one that differs in case.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The ordinal.</returns>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    [SuppressMessage("Usage", "CA2201:Do not raise reserved exception types", Justification = "ADO.NET documents this one.")]
    public override int GetOrdinal(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        EnsureOpen();
        _ordinals ??= Ordinals();
        if (_ordinals.TryGetValue(name, out int ordinal))
        {
            return ordinal;
        }

        foreach (ResultColumn column in _columns)
        {
            if (string.Equals(column.ColumnName, name, StringComparison.OrdinalIgnoreCase))
            {
                return column.ColumnOrdinal!.Value;
            }
        }

        throw new IndexOutOfRangeException(Messages.NoSuchColumn(name));
    }

    /// <summary>A stream over a copy of a BLOB. It stays readable when the reader moves on.</summary>
    /// <param name="ordinal">The column.</param>
    /// <returns>The stream.</returns>
    public override Stream GetStream(int ordinal) => GetFieldValue<Stream>(ordinal);

    /// <inheritdoc/>
    public override string GetString(int ordinal) => GetFieldValue<string>(ordinal);

    /// <inheritdoc/>
    public override TextReader GetTextReader(int ordinal) => GetFieldValue<TextReader>(ordinal);

    /// <inheritdoc/>
    public override bool IsDBNull(int ordinal)
    {
        Column(ordinal);
        return Row().IsDBNull(ordinal);
    }

    /// <inheritdoc/>
    public override object GetValue(int ordinal)
    {
        ResultColumn column = Column(ordinal);
        DuckDBDataReader inner = Row();
        return inner.IsDBNull(ordinal) ? DBNull.Value : ColumnValues.ReadValue(inner, column);
    }

    /// <inheritdoc/>
    public override int GetValues(object[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        int count = Math.Min(values.Length, FieldCount);
        for (int ordinal = 0; ordinal < count; ordinal++)
        {
            values[ordinal] = GetValue(ordinal);
        }

        return count;
    }

    /// <summary>
    /// The value as a given type. Integers convert to other integers where the value fits, to decimal, SqlDecimal, BigInteger and floating types; a null reads as null
    /// into a nullable value type.
    /// </summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="ordinal">The column.</param>
    /// <returns>The value.</returns>
    /// <exception cref="InvalidCastException">The column's type does not convert to <typeparamref name="T"/>, or the value is null.</exception>
    /// <exception cref="OverflowException">The value does not fit <typeparamref name="T"/>.</exception>
    public override T GetFieldValue<T>(int ordinal)
    {
        ResultColumn column = Column(ordinal);
        DuckDBDataReader inner = Row();
        if (inner.IsDBNull(ordinal))
        {
            return Null<T>(column);
        }

        if (typeof(T) == column.Direct)
        {
            return inner.GetFieldValue<T>(ordinal);
        }

        if (typeof(T) == typeof(decimal))
        {
            return (T)(object)ColumnValues.ReadDecimal(inner, column);
        }

        if (typeof(T) == typeof(DateTime))
        {
            return (T)(object)ColumnValues.ReadDateTime(inner, column);
        }

        if (typeof(T) == typeof(long))
        {
            return (T)(object)ColumnValues.ReadInteger<long>(inner, column);
        }

        if (typeof(T) == typeof(int))
        {
            return (T)(object)ColumnValues.ReadInteger<int>(inner, column);
        }

        return Converted<T>(inner, column);
    }

    private static T Null<T>(ResultColumn column)
    {
        if (typeof(T) == typeof(object) || typeof(T) == typeof(DBNull))
        {
            return (T)(object)DBNull.Value;
        }

        return default(T) is null && typeof(T).IsValueType ? default! : throw new InvalidCastException(Messages.IsNull(column.ColumnName));
    }

    private static T Converted<T>(DuckDBDataReader inner, ResultColumn column)
    {
        Type target = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        object? value = target switch
        {
            _ when target == typeof(object) || (target == column.ValueType && target.IsGenericType) => ColumnValues.ReadValue(inner, column),
            _ when target == typeof(byte) => ColumnValues.ReadInteger<byte>(inner, column),
            _ when target == typeof(sbyte) => ColumnValues.ReadInteger<sbyte>(inner, column),
            _ when target == typeof(short) => ColumnValues.ReadInteger<short>(inner, column),
            _ when target == typeof(ushort) => ColumnValues.ReadInteger<ushort>(inner, column),
            _ when target == typeof(int) => ColumnValues.ReadInteger<int>(inner, column),
            _ when target == typeof(uint) => ColumnValues.ReadInteger<uint>(inner, column),
            _ when target == typeof(long) => ColumnValues.ReadInteger<long>(inner, column),
            _ when target == typeof(ulong) => ColumnValues.ReadInteger<ulong>(inner, column),
            _ when target == typeof(Int128) => ColumnValues.ReadInteger<Int128>(inner, column),
            _ when target == typeof(decimal) => ColumnValues.ReadDecimal(inner, column),
            _ when target == typeof(SqlDecimal) => ColumnValues.ReadSqlDecimal(inner, column),
            _ when target == typeof(BigInteger) => ColumnValues.ReadBigInteger(inner, column),
            _ when target == typeof(double) => ColumnValues.ReadDouble(inner, column, target),
            _ when target == typeof(float) => (float)ColumnValues.ReadDouble(inner, column, target),
            _ when target == typeof(DateTime) => ColumnValues.ReadDateTime(inner, column),
            _ when target == typeof(DateTimeOffset) => ColumnValues.ReadDateTimeOffset(inner, column),
            _ when target == typeof(byte[]) => ColumnValues.ReadBytes(inner, column),
            _ when target == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>(ColumnValues.ReadBytes(inner, column)),
            _ when target == typeof(Stream) || target == typeof(MemoryStream) => new MemoryStream(ColumnValues.ReadBytes(inner, column), writable: false),
            _ when target == typeof(string) => ColumnValues.ReadText(inner, column, target),
            _ when target == typeof(TextReader) || target == typeof(StringReader) => new StringReader(ColumnValues.ReadText(inner, column, target)),
            _ when target == typeof(char[]) => ColumnValues.ReadText(inner, column, target).ToCharArray(),
            _ when target == typeof(char) => ColumnValues.ReadText(inner, column, target) is { Length: 1 } text ? text[0] : throw ColumnValues.Cannot(column, target),
            _ => null,
        };

        // What is left are DuckDB.NET's own types, and typed lists and maps.
        return value is null ? inner.GetFieldValue<T>(column.ColumnOrdinal!.Value) : (T)value;
    }

    private static long Copy<T>(ReadOnlySpan<T> source, long dataOffset, T[]? buffer, int bufferOffset, int length)
    {
        if (buffer is null)
        {
            return source.Length;
        }

        ArgumentOutOfRangeException.ThrowIfNegative(dataOffset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(bufferOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bufferOffset, buffer.Length);
        if (dataOffset >= source.Length)
        {
            return 0;
        }

        int count = Math.Min(Math.Min(length, buffer.Length - bufferOffset), source.Length - (int)dataOffset);
        source.Slice((int)dataOffset, count).CopyTo(buffer.AsSpan(bufferOffset));
        return count;
    }

    private Dictionary<string, int> Ordinals()
    {
        Dictionary<string, int> ordinals = new(StringComparer.Ordinal);
        foreach (ResultColumn column in _columns)
        {
            ordinals.TryAdd(column.ColumnName, column.ColumnOrdinal!.Value);
        }

        return ordinals;
    }

    [SuppressMessage("Usage", "CA2201:Do not raise reserved exception types", Justification = "ADO.NET documents this one.")]
    private ResultColumn Column(int ordinal)
    {
        EnsureOpen();
        return (uint)ordinal < (uint)_columns.Length ? _columns[ordinal] : throw new IndexOutOfRangeException(Messages.NoSuchOrdinal(ordinal, _columns.Length));
    }

    private DuckDBDataReader Row() => _onRow ? _inner! : throw new InvalidOperationException(Messages.NoRow);
}
