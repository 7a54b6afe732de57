using System.Buffers.Binary;

using FlussLake.Client;
using FlussLake.Client.Buffers;
using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

using Google.Protobuf;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>The bytes that a server sends on a connection: lengths, kinds, ids and errors. The first byte of an input says in how large pieces they arrive.</summary>
public sealed class ResponseFramesTarget : FuzzTarget
{
    private const int MaxFrame = 256 << 10;

    private static readonly ServerAddress s_server = new("localhost", 9123);

    protected override IReadOnlyList<byte[]> Corpus { get; } =
    [
        [255, .. Frame(0, 1, Answers.Versions), .. Frame(1, 2, Answers.Error), .. Frame(0, 3, Answers.Offsets), .. Failure()],
        [3, .. Frame(0, int.MaxValue, Answers.Metadata), .. Frame(1, -1, Answers.Error)],
        [40, .. Frame(0, 9, new FetchLogResponse { TablesResp = { new PbFetchLogRespForTable { TableId = 1, BucketsResp = { new PbFetchLogRespForBucket { Records = ByteString.CopyFrom(new byte[20_000]) } } } } })],
    ];

    // A frame's buffer is taken at the length that is announced, up to the limit.
    protected override long MaxAllocation(int inputLength) => (2 * MaxFrame) + (4L * inputLength);

    protected override long Borrowed => FramePool.Shared.Rented;

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random)
    {
        byte[] mutated = ByteMutation.Apply(input, corpus, random);
        if (mutated.Length > 5 && random.OneIn(2))
        {
            BinaryPrimitives.WriteInt32BigEndian(mutated.AsSpan(1), mutated.Length - 5);
        }

        return mutated;
    }

    protected override bool TryDecode(byte[] input)
    {
        int at = Math.Min(1, input.Length);
        int piece = input.Length > 0 ? input[0] * 16 : 1;
        FrameReader reader = new(s_server, MaxFrame, target =>
        {
            int count = Math.Min(Math.Min(target.Length, Math.Max(1, piece)), input.Length - at);
            input.AsSpan(at, count).CopyTo(target);
            at += count;
            return count;
        });
        try
        {
            while (true)
            {
                using PooledFrame frame = reader.Read();
                AnswerFrame answer = AnswerFrame.Read(s_server, frame.Span);
                if (answer.Kind != ResponseKind.Success)
                {
                    AnswerBody.Read(ErrorResponse.Parser, answer.Body, ApiKey.Metadata, "it", s_server);
                }
            }
        }
        catch (FlussException end) when (end.Code == FlussErrorCode.NetworkFailure && end.Message.EndsWith("the server closed it.", StringComparison.Ordinal))
        {
            return true;
        }
        catch (FlussException refusal) when (refusal.Code is FlussErrorCode.NetworkFailure or FlussErrorCode.CorruptMessage)
        {
            return false;
        }
        finally
        {
            reader.Complete();
        }
    }

    private static byte[] Frame(byte kind, int id, IMessage body)
    {
        byte[] frame = [0, 0, 0, 0, kind, 0, 0, 0, 0, .. body.ToByteArray()];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        return frame;
    }

    private static byte[] Failure()
    {
        byte[] frame = [0, 0, 0, 0, 2, .. Answers.Error.ToByteArray()];
        frame[3] = (byte)(frame.Length - 4);
        return frame;
    }
}
