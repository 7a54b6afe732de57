using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Tests.Log;

public sealed class RecordBatchMetadataTests
{
    [Theory]
    [InlineData(nameof(BodyCodec.None))]
    [InlineData(nameof(BodyCodec.Lz4Frame))]
    [InlineData(nameof(BodyCodec.Zstd))]
    public void What_is_written_reads_back(string codecName)
    {
        BodyCodec codec = Enum.Parse<BodyCodec>(codecName);
        byte[] body = new byte[48];
        byte[] head = RecordBatchMetadata.Write(3, [new FieldNode(3, 1), new FieldNode(3, 0)], [(0, 1), (8, 24), (32, 0), (32, 12)], codec, body.Length);

        Assert.Equal(0, head.Length % 8);
        RecordBatchMessage message = RecordBatchMessage.Parse([.. head, .. body]);
        Assert.Equal(3, message.RowCount);
        Assert.Equal(codec, message.Codec);
        Assert.Equal(2, message.NodeCount);
        Assert.Equal(new FieldNode(3, 1), message.Node(0));
        Assert.Equal(new FieldNode(3, 0), message.Node(1));
        Assert.Equal(4, message.BufferCount);
        Assert.Equal((8, 24), message.Buffer(1));
        Assert.Equal((32, 12), message.Buffer(3));
        Assert.Equal(body.Length, message.Body.Length);
    }
}
