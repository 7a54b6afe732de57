using System.Net.Sockets;

using FlussLake.Client.Buffers;
using FlussLake.Client.Protocol;

namespace FlussLake.Client.Rpc;

internal sealed partial class ServerConnection
{
    private readonly FrameReader _frames;

    private void RunReader()
    {
        try
        {
            Open();
            while (true)
            {
                Receive(_frames.Read());
            }
        }
        catch (FlussException exception)
        {
            Close(exception);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Close(IsReady ? RpcErrors.Lost(Address, exception.Message, exception) : RpcErrors.CannotConnect(Address, exception.Message, exception));
        }
#pragma warning disable CA1031 // An unforeseen failure on this thread must fail the connection's requests instead of the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Close(new FlussException($"Reading from {Address} failed: {exception.Message}", FlussErrorCode.UnknownServerError, exception));
        }
        finally
        {
            _frames.Complete();
        }
    }

    // Hands an answer to the request that waits for it. Takes the frame over.
    private void Receive(PooledFrame frame)
    {
        bool handedOver = false;
        try
        {
            AnswerFrame answer = AnswerFrame.Read(Address, frame.Span);
            if (answer.Kind == ResponseKind.ServerFailure)
            {
                throw ServerFailure(answer.Body);
            }

            PendingRequest? request;
            lock (_gate)
            {
                if (!_sent.Remove(answer.Id, out request))
                {
                    throw RpcErrors.NotTheProtocol(Address, $"it answered the request {answer.Id}, which was never sent or is answered already.");
                }
            }

            if (!request.TryEnd())
            {
                return;
            }

            if (answer.Kind == ResponseKind.Success)
            {
                handedOver = true;
                request.OnAnswer(Address, frame, FrameFormat.ResponseIdEnd);
            }
            else
            {
                request.OnFailure(RequestError(request, answer.Body));
            }
        }
        finally
        {
            if (!handedOver)
            {
                frame.Dispose();
            }
        }
    }

    private FlussException RequestError(PendingRequest request, ReadOnlySpan<byte> body)
    {
        try
        {
            ErrorResponse error = WireMessage.Read(ErrorResponse.Parser, body);
            return RpcErrors.FromServer(request.Key, request.Subject, Address, error.ErrorCode, Redact(error.ErrorMessage), _options.UserId is not null);
        }
        catch (FormatException exception)
        {
            return RpcErrors.UnreadableAnswer(request.Key, request.Subject, Address, exception);
        }
    }

    private FlussException ServerFailure(ReadOnlySpan<byte> body)
    {
        try
        {
            ErrorResponse error = WireMessage.Read(ErrorResponse.Parser, body);
            return new FlussException(
                $"{Address} gave up on the connection: {Redact(error.ErrorMessage)} ({(FlussErrorCode)error.ErrorCode})", (FlussErrorCode)error.ErrorCode);
        }
        catch (FormatException exception)
        {
            return RpcErrors.Lost(Address, "the server gave up on it with an answer that cannot be read.", exception);
        }
    }

    private int ReceiveSome(Span<byte> target)
    {
        Volatile.Write(ref _insideSince, _frames.IsInside ? _time.GetTimestamp() : 0);
        int received = _socket!.Receive(target);
        Volatile.Write(ref _insideSince, 0);
        if (received > 0)
        {
            Volatile.Write(ref _lastReceived, _time.GetTimestamp());
        }

        return received;
    }
}
