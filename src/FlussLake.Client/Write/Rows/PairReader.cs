using System.Reflection;

namespace FlussLake.Client.Write.Rows;

/// <summary>Takes apart key-value pairs whose type arguments are not known.</summary>
internal sealed class PairReader
{
    private readonly Type _type;
    private readonly PropertyInfo _key;
    private readonly PropertyInfo _value;

    private PairReader(Type type)
    {
        _type = type;
        _key = type.GetProperty(nameof(KeyValuePair<,>.Key))!;
        _value = type.GetProperty(nameof(KeyValuePair<,>.Value))!;
    }

    /// <summary>The reader of a type; null where it is no pair.</summary>
    public static PairReader? For(Type type, PairReader? last)
        => last?._type == type ? last
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>) ? new PairReader(type)
            : null;

    public object? Key(object pair) => _key.GetValue(pair);

    public object? Value(object pair) => _value.GetValue(pair);
}
