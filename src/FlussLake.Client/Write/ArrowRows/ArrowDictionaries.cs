using Apache.Arrow;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>Values that are given as positions in a dictionary.</summary>
internal sealed class ArrowDictionaries(ArrowColumn indices, ArrowColumn values) : ArrowColumn
{
    private int _count;

    public override void Set(IArrowArray array)
    {
        DictionaryArray dictionary = (DictionaryArray)array;
        indices.Set(dictionary.Indices);
        values.Set(dictionary.Dictionary);
        _count = dictionary.Dictionary.Length;
    }

    public override bool IsNull(int index) => indices.IsNull(index) || values.IsNull(Position(index));

    public override bool GetBoolean(int index) => values.GetBoolean(Position(index));

    public override long GetInt64(int index) => values.GetInt64(Position(index));

    public override double GetDouble(int index) => values.GetDouble(Position(index));

    public override (long Milliseconds, int Nanoseconds) GetTimestamp(int index) => values.GetTimestamp(Position(index));

    public override Int128 GetUnscaledDecimal(int index, int precision, int scale) => values.GetUnscaledDecimal(Position(index), precision, scale);

    public override ReadOnlySpan<byte> GetBytes(int index) => values.GetBytes(Position(index));

    public override FlussRow GetNested(int index, out int count) => values.GetNested(Position(index), out count);

    private int Position(int index)
    {
        long position = indices.GetInt64(index);
        return (ulong)position < (ulong)_count
            ? (int)position
            : throw new ArgumentException($"The Arrow batch is damaged: it refers to value {position} of a dictionary of {_count}.");
    }
}
