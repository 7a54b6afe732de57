using System.Data.Common;
using System.Globalization;
using System.Numerics;
using DuckDB.NET.Data;
using FlussLake.Cluster.Tests.Kit;
using FlussLake.Cluster.Tests.Rows;
using FlussLake.Data;

namespace FlussLake.Cluster.Tests.Access;

/// <summary>How tests read.</summary>
internal static class ConnectionExtensions
{
    /// <summary>All columns of <c>fluss_read('database.table' + half)</c> in canonical form.</summary>
    public static List<string> ReadTable(this DbConnection connection, LabTable table, string half = "") =>
        connection.ReadRows($"SELECT {RowSet.SelectList(table)} FROM fluss_read({Literal(table.Path + half)})", table);

    /// <summary>The rows of a statement that returns the columns of <paramref name="table"/>, in canonical form.</summary>
    public static List<string> ReadRows(this DbConnection connection, string sql, LabTable table)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DbDataReader reader = command.ExecuteReader();
        return RowSet.Read(reader, [.. table.Columns.Select(column => column.Type)]);
    }

    /// <summary>Registers <c>strike(x)</c>, which does something at its first call and is always true.</summary>
    public static void RegisterStrike(this FlussLakeConnection connection, Action strike)
    {
        int calls = 0;
        connection.RegisterScalarFunction<long, bool>("strike", (long _) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                strike();
            }

            return true;
        });
    }

    /// <summary>The rows of any statement, each value with its CLR type: for comparing two statements with one another.</summary>
    public static List<string> ReadTexts(this DbConnection connection, string sql)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DbDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        object[] values = new object[reader.FieldCount];
        while (reader.Read())
        {
            reader.GetValues(values);
            rows.Add(Canonical.Row(values.Select(Describe)));
        }

        return rows;
    }

    /// <summary>A reader that is not read yet.</summary>
    public static DbDataReader OpenReader(this DbConnection connection, string sql)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteReader();
    }

    /// <summary>The names and DuckDB types of a statement's columns.</summary>
    public static List<(string Name, string Type)> DescribeColumns(this DbConnection connection, string select)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = "DESCRIBE " + select;
        using DbDataReader reader = command.ExecuteReader();
        List<(string, string)> columns = [];
        while (reader.Read())
        {
            columns.Add((reader.GetString(0), reader.GetString(1)));
        }

        return columns;
    }

    public static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static string Describe(object value) => value switch
    {
        DBNull => Canonical.Null,
        byte[] bytes => $"byte[]:{Convert.ToHexString(bytes)}",
        double number => $"double:{BitConverter.DoubleToInt64Bits(number):X16}",
        float number => $"float:{BitConverter.SingleToInt32Bits(number):X8}",
        DateTime time => $"DateTime:{time:O}",
        BigInteger number => $"BigInteger:{number}",
        IFormattable other => $"{other.GetType().Name}:{other.ToString(null, CultureInfo.InvariantCulture)}",
        _ => $"{value.GetType().Name}:{value}",
    };
}
