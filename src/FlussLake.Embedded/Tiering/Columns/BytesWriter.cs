using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;
using FlussLake.Embedded.Parquet;

namespace FlussLake.Embedded.Tiering.Columns;

/// <summary>CHAR, STRING, BINARY and BYTES.</summary>
internal sealed unsafe class BytesWriter(ParquetColumn target) : LeafWriter(target)
{
    protected override void Append(in DecodedColumn column, long first, int count)
    {
        byte* data = (byte*)column.Data;
        if (column.Type.Kind == FlussTypeKind.Binary)
        {
            int length = column.Type.Length;
            for (long slot = first; slot < first + count; slot++)
            {
                Target.AppendBytes(new ReadOnlySpan<byte>(data + (slot * length), length));
            }

            return;
        }

        int* offsets = (int*)column.Offsets;
        for (long slot = first; slot < first + count; slot++)
        {
            Target.AppendBytes(new ReadOnlySpan<byte>(data + offsets[slot], offsets[slot + 1] - offsets[slot]));
        }
    }
}
