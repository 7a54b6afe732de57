using FlussLake.Client.Protocol;
using FlussLake.Client.Rpc;
using FlussLake.Client.Threading;

using Google.Protobuf;

using Polly;
using Polly.Retry;

namespace FlussLake.Client;

public sealed partial class FlussClient
{
    private static readonly ResiliencePropertyKey<long> s_deadline = new("flusslake.deadline");
    private static readonly ResiliencePropertyKey<bool> s_needsLeader = new("flusslake.needs-leader");
    private static readonly ResiliencePropertyKey<FlussException?> s_lastCause = new("flusslake.last-cause");

    // A call that any server answers is not worth more attempts than this; a bucket's new leader may be some seconds away.
    private const int MaxRetriesAnywhere = 4;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    // An attempt with less time than this would tell nothing but that its time was up.
    private static readonly TimeSpan s_shortestAttempt = TimeSpan.FromMilliseconds(50);

    private static DedicatedTimeProvider Time => DedicatedTimeProvider.Instance;

    private static TimeSpan Until(long deadline)
    {
        TimeSpan left = Time.GetElapsedTime(Time.GetTimestamp(), deadline);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Twice as long at every attempt, up to a limit, give or take a fifth so that clients do not march in step.</summary>
    internal static TimeSpan Pause(int attempt)
    {
        double pause = Math.Min(s_longestPause.TotalMilliseconds, s_firstPause.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 10)));
        return TimeSpan.FromMilliseconds(pause * (0.8 + (Random.Shared.NextDouble() * 0.4)));
    }

    private ResiliencePipeline CreateRetries()
    {
        if (_options.MaxRetries == 0)
        {
            return ResiliencePipeline.Empty;
        }

        return new ResiliencePipelineBuilder { TimeProvider = Time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = _options.MaxRetries,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is FlussException { IsTransient: true } && !_disposed

                    // Servers that were never reached are more likely named wrongly than away for a moment.
                    && (arguments.AttemptNumber == 0 || _connections.HasConnected)
                    && (arguments.AttemptNumber < MaxRetriesAnywhere || arguments.Context.Properties.GetValue(s_needsLeader, false))
                    && Until(arguments.Context.Properties.GetValue(s_deadline, 0)) > 2 * s_shortestAttempt),
                DelayGenerator = arguments =>
                {
                    // At least half of the time is left to the attempt.
                    TimeSpan most = Until(arguments.Context.Properties.GetValue(s_deadline, 0)) / 2;
                    TimeSpan pause = Pause(arguments.AttemptNumber);
                    return ValueTask.FromResult<TimeSpan?>(pause < most ? pause : most);
                },
                OnRetry = arguments =>
                {
                    if (arguments.Outcome.Exception is FlussException { Code: not FlussErrorCode.RequestTimeout } cause)
                    {
                        arguments.Context.Properties.Set(s_lastCause, cause);
                    }

                    NoteFailure(arguments.Outcome.Exception?.Message ?? string.Empty);
                    ClientLog.Retrying(_logger, arguments.AttemptNumber + 1, arguments.RetryDelay, arguments.Outcome.Exception?.Message);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>Runs a call with its deadline, its retries and the caller's cancellation.</summary>
    private async Task<T> CallAsync<T>(Func<long, CancellationToken, Task<T>> attempt, bool needsLeader, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        using CallerCancellation cancellation = new(cancellationToken);
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellation.Token);
        context.Properties.Set(s_deadline, Time.After(_options.RequestTimeout));
        context.Properties.Set(s_needsLeader, needsLeader);
        context.Properties.Set(s_lastCause, null);
        try
        {
            return await _retries.ExecuteAsync(
                static async (context, attempt) => await attempt(context.Properties.GetValue(s_deadline, 0), context.CancellationToken).ConfigureAwait(false),
                context,
                attempt).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (FlussException exception) when (exception.Code == FlussErrorCode.RequestTimeout && context.Properties.GetValue(s_lastCause, null) is not null)
        {
            // The time was up while the cause lasted.
            FlussException cause = context.Properties.GetValue(s_lastCause, null)!;
            throw new FlussException($"{cause.Message} The last attempt since then: {exception.Message}", cause.Code, cause);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Asks any server that knows: connected ones first, then known tablet servers, then the bootstrap servers.</summary>
    private Task<TResponse> CallAnyAsync<TResponse>(ApiKey key, IMessage body, MessageParser<TResponse> parser, string subject, CancellationToken cancellationToken)
        where TResponse : IMessage<TResponse> =>
        CallAsync((deadline, token) => AskAnyAsync(key, body, parser, subject, deadline, token), needsLeader: false, cancellationToken);

    private async Task<TResponse> AskAnyAsync<TResponse>(
        ApiKey key, IMessage body, MessageParser<TResponse> parser, string subject, long deadline, CancellationToken cancellationToken)
        where TResponse : IMessage<TResponse>
    {
        List<ServerAddress> servers = [.. _metadata.TabletServers.Concat(_bootstrap).Distinct().OrderBy(server => _connections.IsReady(server) ? 0 : 1)];
        List<FlussException> failures = [];
        for (int i = 0; i < servers.Count; i++)
        {
            // A server that keeps silent gets its share of the time, not all of it.
            long share = Time.After(Until(deadline) / (servers.Count - i));
            try
            {
                return await AskAsync(servers[i], key, body, parser, subject, share, null, cancellationToken).ConfigureAwait(false);
            }
            catch (FlussException exception) when (exception.Code is FlussErrorCode.NetworkFailure or FlussErrorCode.RequestTimeout or FlussErrorCode.CorruptMessage
                or FlussErrorCode.NotCoordinatorLeader)
            {
                failures.Add(exception);
            }
        }

        if (failures.Count == 1)
        {
            throw failures[0];
        }

        string causes = string.Join(" ", failures.Select((failure, i) => $"{servers[i]}: {(failure.InnerException as FlussException ?? failure).Message}"));
        throw new FlussException($"{key} of {subject} failed at every known server. {causes}", failures[^1].Code, failures[^1]);
    }

    private Task<TResponse> AskAsync<TResponse>(
        ServerAddress server,
        ApiKey key,
        IMessage body,
        MessageParser<TResponse> parser,
        string subject,
        long deadline,
        ServerType? requiredServer,
        CancellationToken cancellationToken)
        where TResponse : IMessage<TResponse>
    {
        TaskRequest<TResponse> request = new(key, body, parser, subject, deadline) { RequiredServer = requiredServer };
        request.CancelWith(cancellationToken);
        _connections.Get(server).Send(request);
        return request.Task;
    }
}
