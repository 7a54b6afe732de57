using FlussLake.Client.Log.Arrow;
using FlussLake.Client.Metadata;

namespace FlussLake.Embedded.Log;

/// <summary>Which nodes and buffers of a record batch one column takes, with all that is nested in it.</summary>
/// <param name="Node">Its first node.</param>
/// <param name="NodeCount">The number of its nodes.</param>
/// <param name="Buffer">Its first buffer.</param>
/// <param name="BufferCount">The number of its buffers.</param>
internal readonly record struct ColumnSpan(int Node, int NodeCount, int Buffer, int BufferCount)
{
    /// <summary>The spans of a schema's columns, in their order.</summary>
    public static ColumnSpan[] Of(TableSchema schema)
    {
        ColumnSpan[] spans = new ColumnSpan[schema.Columns.Count];
        int nodes = 0;
        int buffers = 0;
        for (int i = 0; i < spans.Length; i++)
        {
            (int node, int buffer) = (nodes, buffers);
            _ = ColumnLayout.Create(schema.Columns[i].Name, schema.Columns[i].Type, ref nodes, ref buffers);
            spans[i] = new ColumnSpan(node, nodes - node, buffer, buffers - buffer);
        }

        return spans;
    }
}
