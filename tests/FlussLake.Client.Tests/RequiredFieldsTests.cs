using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Client.Tests;

/// <summary>Messages whose required fields are not all there.</summary>
public sealed class RequiredFieldsTests
{
    public static TheoryData<IMessage, bool> Messages => new()
    {
        { new MetadataResponse(), true },
        { new MetadataResponse { TabletServers = { new PbServerNode { NodeId = 1, Host = "a", Port = 2 } } }, true },
        { new MetadataResponse { TabletServers = { new PbServerNode { NodeId = 1, Host = "a", Port = 2 }, new PbServerNode { NodeId = 1, Host = "a" } } }, false },
        { new MetadataResponse { CoordinatorServer = new PbServerNode { Host = "a", Port = 2 } }, false },
        { new MetadataResponse { PartitionMetadata = { new PbPartitionMetadata { TableId = 1, PartitionId = 2, PartitionName = "p", BucketMetadata = { new PbBucketMetadata() } } } }, false },
        { new InitWriterResponse(), false },
        { new InitWriterResponse { WriterId = 0 }, true },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void They_are_looked_for_at_every_depth(IMessage message, bool areSet)
    {
        Assert.Equal(areSet, message.IsInitialized());
        Assert.Equal(areSet, RequiredFields.AreSet(message));
    }

    [Fact]
    public void Looking_for_them_allocates_nothing_however_many_messages_there_are()
    {
        MetadataResponse message = new();
        for (int i = 0; i < 10_000; i++)
        {
            message.TabletServers.Add(new PbServerNode { NodeId = i, Host = "a", Port = 1 });
        }

        Assert.True(RequiredFields.AreSet(message));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(RequiredFields.AreSet(message));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }
}
