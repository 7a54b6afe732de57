using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using DuckDB.NET.Data;

namespace FlussLake.Data.Reader;

/// <summary>
/// Values of LIST, MAP and STRUCT columns, as <c>List&lt;T&gt;</c>, <c>Dictionary&lt;K, V&gt;</c> and <c>Dictionary&lt;string, object&gt;</c>. DuckDB.NET gives the same shapes, but refuses
/// NULL elements of value types, and its streams of BLOBs point into memory that goes with the next read: here elements of value types are nullable, and BLOBs are
/// <c>byte[]</c>.
/// </summary>
internal static class NestedValues
{
    private static readonly MethodInfo s_read = typeof(NestedValues).GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly ConcurrentDictionary<Type, Func<DuckDBDataReader, int, object>> s_readers = new();

    /// <summary>The type of the values that this provider gives, of the one that DuckDB.NET says.</summary>
    public static Type TypeOf(Type given) => Map(given, static leaf => leaf == typeof(Stream) ? typeof(byte[]) : leaf);

    /// <summary>The current row's value.</summary>
    /// <param name="reader">DuckDB.NET's reader.</param>
    /// <param name="ordinal">The column.</param>
    /// <returns>A value that stays as it is when the reader goes on.</returns>
    public static object ReadValue(DuckDBDataReader reader, int ordinal)
    {
        Type asked = Map(reader.GetFieldType(ordinal), static leaf => leaf);
        return Own(s_readers.GetOrAdd(asked, static type => s_read.MakeGenericMethod(type).CreateDelegate<Func<DuckDBDataReader, int, object>>())(reader, ordinal));
    }

    private static object Read<T>(DuckDBDataReader reader, int ordinal) => reader.GetFieldValue<T>(ordinal)!;

    // A map's keys are never NULL.
    private static Type Map(Type given, Func<Type, Type> leaf)
    {
        if (!given.IsGenericType || given == typeof(Dictionary<string, object>) || Nullable.GetUnderlyingType(given) is not null)
        {
            return leaf(given);
        }

        Type[] parts = [.. given.GetGenericArguments().Select(part => Map(part, leaf))];
        if (parts[^1].IsValueType && Nullable.GetUnderlyingType(parts[^1]) is null)
        {
            parts[^1] = typeof(Nullable<>).MakeGenericType(parts[^1]);
        }

        return given.GetGenericTypeDefinition().MakeGenericType(parts);
    }

    // Copies what points into DuckDB's memory, and leaves the rest as it is.
    private static object Own(object value)
    {
        switch (value)
        {
            case Stream stream:
                using (stream)
                {
                    byte[] bytes = new byte[stream.Length];
                    stream.ReadExactly(bytes);
                    return bytes;
                }

            case IList list:
                IList owned = (IList)Activator.CreateInstance(TypeOf(list.GetType()), list.Count)!;
                foreach (object? element in list)
                {
                    owned.Add(element is null ? null : Own(element));
                }

                return owned;
            case IDictionary map:
                IDictionary ownedMap = (IDictionary)Activator.CreateInstance(TypeOf(map.GetType()), map.Count)!;
                foreach (DictionaryEntry entry in map)
                {
                    ownedMap.Add(Own(entry.Key), entry.Value is null ? null : Own(entry.Value));
                }

                return ownedMap;
            default:
                return value;
        }
    }
}
