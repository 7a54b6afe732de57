using System.Data;
using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;

namespace FlussLake.Data.Sql;

/// <summary>A command's parameters as DuckDB.NET binds them: names without a prefix, values of types that it knows.</summary>
internal static class ParameterCopies
{
    private static readonly HashSet<string> s_none = [];

    /// <summary>The names without their prefix <c>@</c>, <c>$</c> or <c>:</c>.</summary>
    public static IReadOnlySet<string> Names(DbParameterCollection parameters)
    {
        if (parameters.Count == 0)
        {
            return s_none;
        }

        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (DbParameter parameter in parameters)
        {
            if (NameOf(parameter) is { Length: > 0 } name)
            {
                names.Add(name);
            }
        }

        return names;
    }

    /// <summary>Adds copies of <paramref name="parameters"/> to <paramref name="command"/>.</summary>
    public static void Add(DbParameterCollection parameters, DuckDBCommand command)
    {
        foreach (DbParameter parameter in parameters)
        {
            // DuckDB.NET chooses by DbType, which callers set to what other databases need; the value's own type is what DuckDB wants to know.
            command.Parameters.Add(new DuckDBParameter(NameOf(parameter), Convert(parameter)));
        }
    }

    private static string NameOf(DbParameter parameter)
    {
        string name = parameter.ParameterName ?? "";
        return name.Length > 0 && name[0] is '@' or '$' or ':' ? name[1..] : name;
    }

    private static object? Convert(DbParameter parameter) => parameter.Value switch
    {
        DateTime value when parameter.DbType == DbType.Date => DateOnly.FromDateTime(value),
        DateTime value when parameter.DbType == DbType.Time => TimeOnly.FromDateTime(value),
        DateTime { Kind: DateTimeKind.Utc or DateTimeKind.Local } value => new DateTimeOffset(value),
        TimeSpan value when parameter.DbType == DbType.Time => TimeOnly.FromTimeSpan(value),
        Enum value => System.Convert.ChangeType(value, Enum.GetUnderlyingType(value.GetType()), CultureInfo.InvariantCulture),
        char value => value.ToString(),
        char[] value => new string(value),
        ReadOnlyMemory<byte> value => value.ToArray(),
        Memory<byte> value => value.ToArray(),
        ArraySegment<byte> value => value.ToArray(),
        object value => value,
        null => null,
    };
}
