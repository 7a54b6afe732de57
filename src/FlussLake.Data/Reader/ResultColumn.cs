using System.Data;
using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace FlussLake.Data.Reader;

/// <summary>A column of a result: what DuckDB calls it and what <c>GetValue</c> gives.</summary>
internal sealed class ResultColumn : DbColumn
{
    private ResultColumn(int ordinal, string name, DuckDBType type, Type clrType, byte? precision, byte? scale)
    {
        Type = type;
        ValueType = clrType;
        Direct = DirectType(type, clrType);
        ColumnName = name;
        ColumnOrdinal = ordinal;
        ColumnSize = -1;
        DataType = clrType;
        DataTypeName = TypeName(type, precision, scale);
        AllowDBNull = true;
        NumericPrecision = precision;
        NumericScale = scale;
    }

    public DuckDBType Type { get; }

    /// <summary>The type of what <c>GetValue</c> gives.</summary>
    public Type ValueType { get; }

    /// <summary>The type that DuckDB.NET's reader gives as this provider does, or null.</summary>
    public Type? Direct { get; }

    public string Display => DataTypeName!;

    /// <summary>The columns of the current result.</summary>
    /// <param name="reader">DuckDB.NET's reader.</param>
    /// <param name="described">DuckDB's own names of the types, or null. Without them the digits of a DECIMAL are unknown in a result without rows.</param>
    public static ResultColumn[] Of(DuckDBDataReader reader, IReadOnlyList<string>? described = null)
    {
        ResultColumn[] columns = new ResultColumn[reader.FieldCount];
        DataTable? schema = null;
        for (int ordinal = 0; ordinal < columns.Length; ordinal++)
        {
            DuckDBType type = Enum.Parse<DuckDBType>(reader.GetDataTypeName(ordinal));
            byte? precision = null;
            byte? scale = null;
            if (type == DuckDBType.Decimal)
            {
                schema ??= reader.GetSchemaTable();
                (precision, scale) = described is null ? Digits(schema!.Rows[ordinal]) : Digits(described[ordinal]);
            }

            columns[ordinal] = new ResultColumn(ordinal, reader.GetName(ordinal), type, ClrType(reader, ordinal, type), precision, scale);
        }

        return columns;
    }

    private static (byte? Precision, byte? Scale) Digits(DataRow row)
    {
        // DuckDB.NET asks the first chunk. Without one it says 0, which no DECIMAL has.
        byte precision = (byte)row[SchemaTableColumn.NumericPrecision];
        return precision == 0 ? (null, null) : (precision, (byte)row[SchemaTableColumn.NumericScale]);
    }

    private static (byte? Precision, byte? Scale) Digits(string described)
    {
        string[] parts = described.Split('(', ',', ')');
        return (byte.Parse(parts[1], CultureInfo.InvariantCulture), byte.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    private static Type ClrType(DuckDBDataReader reader, int ordinal, DuckDBType type)
    {
        switch (type)
        {
            case DuckDBType.HugeInt or DuckDBType.UnsignedHugeInt or DuckDBType.VarInt:
                return typeof(decimal);
            case DuckDBType.Blob:
                return typeof(byte[]);
            case DuckDBType.SqlNull or DuckDBType.Any or DuckDBType.Union or DuckDBType.Invalid:
                return typeof(object);
            case DuckDBType.List or DuckDBType.Array or DuckDBType.Map or DuckDBType.Struct:
                return NestedValues.TypeOf(reader.GetFieldType(ordinal));
            default:
                return reader.GetFieldType(ordinal);
        }
    }

    private static Type? DirectType(DuckDBType type, Type clrType) => type switch
    {
        DuckDBType.HugeInt or DuckDBType.UnsignedHugeInt or DuckDBType.VarInt or DuckDBType.Blob or DuckDBType.TimestampTz or DuckDBType.Decimal
            or DuckDBType.List or DuckDBType.Array or DuckDBType.Map or DuckDBType.Struct or DuckDBType.SqlNull or DuckDBType.Any or DuckDBType.Union or DuckDBType.Invalid => null,
        _ => clrType,
    };

    private static string TypeName(DuckDBType type, byte? precision, byte? scale) => type switch
    {
        DuckDBType.UnsignedTinyInt => "UTINYINT",
        DuckDBType.UnsignedSmallInt => "USMALLINT",
        DuckDBType.UnsignedInteger => "UINTEGER",
        DuckDBType.UnsignedBigInt => "UBIGINT",
        DuckDBType.UnsignedHugeInt => "UHUGEINT",
        DuckDBType.VarInt => "BIGNUM",
        DuckDBType.TimestampS => "TIMESTAMP_S",
        DuckDBType.TimestampMs => "TIMESTAMP_MS",
        DuckDBType.TimestampNs => "TIMESTAMP_NS",
        DuckDBType.TimestampTz => "TIMESTAMP WITH TIME ZONE",
        DuckDBType.TimeTz => "TIME WITH TIME ZONE",
        DuckDBType.SqlNull => "NULL",
        DuckDBType.Decimal when precision is not null => $"DECIMAL({precision},{scale})",
        _ => type.ToString().ToUpperInvariant(),
    };
}
