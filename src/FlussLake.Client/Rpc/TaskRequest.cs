using FlussLake.Client.Buffers;
using FlussLake.Client.Protocol;
using FlussLake.Client.Threading;

using Google.Protobuf;

namespace FlussLake.Client.Rpc;

/// <summary>A request whose answer is a message. Parsing and the continuations of <see cref="Task"/> run on the dispatch threads.</summary>
internal sealed class TaskRequest<TResponse>(ApiKey key, IMessage body, MessageParser<TResponse> parser, string subject, long deadline)
    : PendingRequest(key, FrameFormat.Serialize(body), subject, deadline)
    where TResponse : IMessage<TResponse>
{
    // Continuations run inline, on the dispatch thread that completes the task; asynchronous ones would need the thread pool.
    private readonly TaskCompletionSource<TResponse> _completion = new();
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _token;
    private ServerAddress _server;
    private PooledFrame? _frame;
    private int _bodyStart;
    private FlussException? _failure;

    public Task<TResponse> Task => _completion.Task;

    /// <summary>Gives the request up when the token is cancelled.</summary>
    public void CancelWith(CancellationToken cancellationToken)
    {
        _token = cancellationToken;
        _cancellation = cancellationToken.UnsafeRegister(
            static state =>
            {
                TaskRequest<TResponse> request = (TaskRequest<TResponse>)state!;
                if (request.TryEnd())
                {
                    DispatchThreads.Post(static work => ((TaskRequest<TResponse>)work!).CompleteCancelled(), request);
                }
            },
            this);
    }

    public override void OnAnswer(ServerAddress server, PooledFrame frame, int bodyStart)
    {
        _server = server;
        _frame = frame;
        _bodyStart = bodyStart;
        DispatchThreads.Post(static work => ((TaskRequest<TResponse>)work!).CompleteAnswered(), this);
    }

    public override void OnFailure(FlussException failure)
    {
        _failure = failure;
        DispatchThreads.Post(static work => ((TaskRequest<TResponse>)work!).CompleteFailed(), this);
    }

    private void CompleteAnswered()
    {
        _cancellation.Dispose();
        TResponse response;
        try
        {
            using PooledFrame frame = _frame!;
            response = AnswerBody.Read(parser, frame.Span[_bodyStart..], Key, Subject, _server);
        }
        catch (FlussException exception)
        {
            _completion.TrySetException(exception);
            return;
        }

        _completion.TrySetResult(response);
    }

    private void CompleteFailed()
    {
        _cancellation.Dispose();
        _completion.TrySetException(_failure!);
    }

    private void CompleteCancelled() => _completion.TrySetCanceled(_token);
}
