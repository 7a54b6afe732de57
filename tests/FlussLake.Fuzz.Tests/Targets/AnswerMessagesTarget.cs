using FlussLake.Client;
using FlussLake.Client.Metadata;
using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;
using FlussLake.Client.Tests.Log;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

using Google.Protobuf;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Answers that become the client's model: the first byte of an input says which.</summary>
public sealed class AnswerMessagesTarget : FuzzTarget
{
    private static readonly ServerAddress s_server = new("localhost", 9123);

    private static readonly IMessage[] s_answers =
    [
        Answers.Error, Answers.Versions, Answers.Metadata, Answers.TableInfo, Answers.Schema, Answers.Partitions, Answers.Offsets, Answers.LakeSnapshot, Answers.Produced,
        new ListTablesResponse { TableName = { "orders", "items" } }, new AuthenticateResponse { Challenge = ByteString.CopyFromUtf8("more") }, new InitWriterResponse { WriterId = 5 },
    ];

    protected override IReadOnlyList<byte[]> Corpus { get; } = [.. s_answers.Select(static (message, i) => (byte[])[(byte)i, .. message.ToByteArray()])];

    // Messages of messages: an empty one of two bytes becomes an object with its lists.
    protected override long MaxAllocation(int inputLength) => (64 << 10) + (200L * inputLength);

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) =>
        input.Length == 0 ? [.. random.Pick(corpus)] : [input[0], .. ProtobufMutation.Apply(input[1..], corpus, random)];

    protected override bool TryDecode(byte[] input)
    {
        try
        {
            if (input.Length > 0)
            {
                Decode(input[0] % s_answers.Length, input.AsSpan(1));
            }

            return input.Length > 0;
        }
        catch (FlussException)
        {
            return false;
        }
    }

    private static void Decode(int kind, ReadOnlySpan<byte> body)
    {
        switch (kind)
        {
            case 0:
                ErrorResponse error = Read(ErrorResponse.Parser, body);
                Assert.NotEmpty(RpcErrors.FromServer(ApiKey.Metadata, "it", s_server, error.ErrorCode, error.ErrorMessage, false).Message);
                break;
            case 1:
                new ApiVersionTable(Read(ApiVersionsResponse.Parser, body)).TryNegotiate(ApiKey.FetchLog, out _);
                break;
            case 2:
                ClusterMetadata metadata = new();
                metadata.Update(Read(MetadataResponse.Parser, body));
                metadata.TryGetLeader(Answers.Bucket, out _);
                Assert.All(metadata.TabletServers, static server => Assert.NotNull(server.ToString()));
                break;
            case 3:
                GetTableInfoResponse table = Read(GetTableInfoResponse.Parser, body);
                TableInfo info = TableJson.ReadTable(BatchFixture.Table, table.TableId, table.SchemaId, table.TableJson.Memory, table.CreatedTime, table.ModifiedTime);
                Assert.True(info.BucketCount > 0);
                break;
            case 4:
                GetTableSchemaResponse schema = Read(GetTableSchemaResponse.Parser, body);
                Assert.NotNull(TableJson.ReadSchema(BatchFixture.Table, schema.SchemaId, schema.SchemaJson.Memory).Columns);
                break;
            case 5:
                Assert.All(FlussClient.ToPartitions(Read(ListPartitionInfosResponse.Parser, body)), static partition => Assert.NotNull(partition.Name));
                break;
            case 6:
                Dictionary<int, long> found = [];
                FlussException? refused = FlussClient.TakeOffset(BatchFixture.Table, Answers.Bucket, s_server, Read(ListOffsetsResponse.Parser, body), found);
                Assert.Equal(refused is null ? 1 : 0, found.Count);
                break;
            case 7:
                LakeSnapshot snapshot = FlussClient.ToLakeSnapshot(Read(GetLakeSnapshotResponse.Parser, body));
                Assert.All(snapshot.LogOffsets, static entry => Assert.True(entry.Value >= 0));
                break;
            case 8:
                Read(ProduceLogResponse.Parser, body);
                break;
            case 9:
                Read(ListTablesResponse.Parser, body);
                break;
            case 10:
                Read(AuthenticateResponse.Parser, body);
                break;
            default:
                Read(InitWriterResponse.Parser, body);
                break;
        }
    }

    private static T Read<T>(MessageParser<T> parser, ReadOnlySpan<byte> body)
        where T : IMessage<T> => AnswerBody.Read(parser, body, ApiKey.Metadata, "it", s_server);
}
