using System.Data;
using System.Data.Common;
using System.Globalization;

namespace FlussLake.Data.Reader;

/// <summary>The table form of a result's columns.</summary>
internal static class ResultSchema
{
    public static DataTable Table(ResultColumn[] columns)
    {
        DataTable table = new("SchemaTable") { Locale = CultureInfo.InvariantCulture };
        table.Columns.Add(SchemaTableColumn.ColumnName, typeof(string));
        table.Columns.Add(SchemaTableColumn.ColumnOrdinal, typeof(int));
        table.Columns.Add(SchemaTableColumn.ColumnSize, typeof(int));
        table.Columns.Add(SchemaTableColumn.NumericPrecision, typeof(short));
        table.Columns.Add(SchemaTableColumn.NumericScale, typeof(short));
        table.Columns.Add(SchemaTableColumn.DataType, typeof(Type));
        table.Columns.Add("DataTypeName", typeof(string));
        table.Columns.Add(SchemaTableColumn.ProviderType, typeof(int));
        table.Columns.Add(SchemaTableColumn.IsLong, typeof(bool));
        table.Columns.Add(SchemaTableColumn.AllowDBNull, typeof(bool));
        table.Columns.Add(SchemaTableOptionalColumn.IsReadOnly, typeof(bool));
        table.Columns.Add(SchemaTableColumn.IsUnique, typeof(bool));
        table.Columns.Add(SchemaTableColumn.IsKey, typeof(bool));
        foreach (ResultColumn column in columns)
        {
            table.Rows.Add(
                column.ColumnName,
                column.ColumnOrdinal,
                column.ColumnSize,
                (object?)(short?)column.NumericPrecision ?? DBNull.Value,
                (object?)(short?)column.NumericScale ?? DBNull.Value,
                column.ValueType,
                column.Display,
                (int)column.Type,
                false,
                true,
                true,
                false,
                false);
        }

        return table;
    }
}
