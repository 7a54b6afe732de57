using Apache.Arrow;

namespace FlussLake.Client.Write.ArrowRows;

/// <summary>An array of Arrow's null type.</summary>
internal sealed class ArrowNulls : ArrowColumn
{
    public override void Set(IArrowArray array)
    {
    }

    public override bool IsNull(int index) => true;
}
