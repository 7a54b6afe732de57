using Apache.Arrow;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>Booleans.</summary>
internal sealed class ArrowBooleans : ArrowColumn
{
    private BooleanArray? _array;

    public override void Set(IArrowArray array)
    {
        base.Set(array);
        _array = (BooleanArray)array;
    }

    public override bool GetBoolean(int index) => _array!.GetValue(index) ?? false;
}
