namespace FlussLake.Client.Write.ArrowRows;

/// <summary>A row whose values lie in Arrow columns, each at an index of its own.</summary>
internal abstract class ArrowCells : FlussRow
{
    public sealed override bool IsNull(int column) => At(column, out int index).IsNull(index);

    public sealed override bool GetBoolean(int column) => At(column, out int index).GetBoolean(index);

    public sealed override long GetInt64(int column) => At(column, out int index).GetInt64(index);

    public sealed override double GetDouble(int column) => At(column, out int index).GetDouble(index);

    public sealed override (long Milliseconds, int Nanoseconds) GetTimestamp(int column) => At(column, out int index).GetTimestamp(index);

    public sealed override Int128 GetUnscaledDecimal(int column, int precision, int scale) => At(column, out int index).GetUnscaledDecimal(index, precision, scale);

    public sealed override ReadOnlySpan<byte> GetBytes(int column) => At(column, out int index).GetBytes(index);

    public sealed override FlussRow GetNested(int column, out int count) => At(column, out int index).GetNested(index, out count);

    protected abstract ArrowColumn At(int column, out int index);
}
