using Apache.Arrow;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>
/// The values of one Arrow array as a column of a Fluss type. One instance serves the arrays of one batch after the other. What a class does not override, its Fluss
/// type is never asked for.
/// </summary>
internal abstract class ArrowColumn
{
    private IArrowArray? _array;

    /// <summary>Takes the array of the next batch.</summary>
    public virtual void Set(IArrowArray array) => _array = array;

    public virtual bool IsNull(int index) => _array!.IsNull(index);

    public virtual bool GetBoolean(int index) => throw Unexpected();

    public virtual long GetInt64(int index) => throw Unexpected();

    public virtual double GetDouble(int index) => throw Unexpected();

    public virtual (long Milliseconds, int Nanoseconds) GetTimestamp(int index) => throw Unexpected();

    public virtual Int128 GetUnscaledDecimal(int index, int precision, int scale) => throw Unexpected();

    public virtual ReadOnlySpan<byte> GetBytes(int index) => throw Unexpected();

    public virtual FlussRow GetNested(int index, out int count) => throw Unexpected();

    private static InvalidOperationException Unexpected() => new("The column was asked for a value of another type.");
}
