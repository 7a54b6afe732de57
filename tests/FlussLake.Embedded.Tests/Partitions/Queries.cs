using System.Data.Common;
using FlussLake.Data;

namespace FlussLake.Embedded.Tests.Partitions;

/// <summary>Reads what a statement returns.</summary>
internal static class Queries
{
    /// <summary>Values as their texts, joined.</summary>
    public static string Text(params object[] values) => string.Join('|', values.Select(value => value is TimeOnly or DateTime ? FormattableString.Invariant($"{value:O}") : FormattableString.Invariant($"{value}")));

    /// <summary>The rows of a statement, sorted; <c>$key</c> in it is the given value.</summary>
    public static List<string> Rows(FlussLakeConnection connection, string sql, object? key = null)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        if (key is not null)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = "key";
            parameter.Value = key;
            command.Parameters.Add(parameter);
        }

        using DbDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(Text([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)]));
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
