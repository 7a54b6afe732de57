using System.Buffers.Binary;
using System.Net.Sockets;

using FlussLake.Client.Buffers;
using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Client.Rpc;

internal sealed partial class ServerConnection
{
    // Small frames are taken several at a time; of large ones only the first bytes pass through here.
    private readonly byte[] _staged = new byte[16 << 10];
    private int _stagedStart;
    private int _stagedEnd;

    private void RunReader()
    {
        try
        {
            Open();
            while (true)
            {
                Receive(ReadFrame());
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
    }

    // Hands an answer to the request that waits for it. Takes the frame over.
    private void Receive(PooledFrame frame)
    {
        bool handedOver = false;
        try
        {
            ReadOnlySpan<byte> bytes = frame.Span;
            ResponseKind kind = (ResponseKind)bytes[0];
            if (kind == ResponseKind.ServerFailure)
            {
                throw ServerFailure(bytes[1..]);
            }

            if (kind is not (ResponseKind.Success or ResponseKind.RequestError) || bytes.Length < FrameFormat.ResponseIdEnd)
            {
                throw RpcErrors.NotTheProtocol(Address, $"it sent an answer of kind {(byte)kind} with {bytes.Length} bytes.");
            }

            int id = BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
            PendingRequest? request;
            lock (_gate)
            {
                if (!_sent.Remove(id, out request))
                {
                    throw RpcErrors.NotTheProtocol(Address, $"it answered the request {id}, which was never sent or is answered already.");
                }
            }

            if (!request.TryEnd())
            {
                return;
            }

            if (kind == ResponseKind.Success)
            {
                handedOver = true;
                request.OnAnswer(Address, frame, FrameFormat.ResponseIdEnd);
            }
            else
            {
                request.OnFailure(RequestError(request, bytes[FrameFormat.ResponseIdEnd..]));
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
            ErrorResponse error = ErrorResponse.Parser.ParseFrom(body);
            return RpcErrors.FromServer(request.Key, request.Subject, Address, error.ErrorCode, Redact(error.ErrorMessage), _options.UserId is not null);
        }
        catch (InvalidProtocolBufferException exception)
        {
            return RpcErrors.UnreadableAnswer(request.Key, request.Subject, Address, exception);
        }
    }

    private FlussException ServerFailure(ReadOnlySpan<byte> body)
    {
        try
        {
            ErrorResponse error = ErrorResponse.Parser.ParseFrom(body);
            return new FlussException(
                $"{Address} gave up on the connection: {Redact(error.ErrorMessage)} ({(FlussErrorCode)error.ErrorCode})", (FlussErrorCode)error.ErrorCode);
        }
        catch (InvalidProtocolBufferException exception)
        {
            return RpcErrors.Lost(Address, "the server gave up on it with an answer that cannot be read.", exception);
        }
    }

    // Reads one frame without its length. The body of a large frame is received straight into the frame's buffer.
    private PooledFrame ReadFrame()
    {
        while (_stagedEnd - _stagedStart < FrameFormat.LengthSize)
        {
            if (_stagedStart > 0)
            {
                _staged.AsSpan(_stagedStart, _stagedEnd - _stagedStart).CopyTo(_staged);
                _stagedEnd -= _stagedStart;
                _stagedStart = 0;
            }

            _stagedEnd += ReceiveSome(_staged.AsSpan(_stagedEnd), atStart: _stagedEnd == 0);
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(_staged.AsSpan(_stagedStart));
        if (length < 1 || length > _options.MaxResponseBytes)
        {
            throw RpcErrors.NotTheProtocol(Address, $"it announced an answer of {length} bytes, where 1 to {_options.MaxResponseBytes} are possible.");
        }

        _stagedStart += FrameFormat.LengthSize;
        PooledFrame frame = FramePool.Shared.Rent(length);
        try
        {
            Span<byte> rest = frame.Span;
            int staged = Math.Min(rest.Length, _stagedEnd - _stagedStart);
            _staged.AsSpan(_stagedStart, staged).CopyTo(rest);
            _stagedStart += staged;
            rest = rest[staged..];
            while (rest.Length > 0)
            {
                rest = rest[ReceiveSome(rest, atStart: false)..];
            }
        }
        catch
        {
            frame.Dispose();
            throw;
        }

        return frame;
    }

    private int ReceiveSome(Span<byte> target, bool atStart)
    {
        int received = _socket!.Receive(target);
        if (received == 0)
        {
            throw RpcErrors.Lost(Address, atStart ? "the server closed it." : "the server closed it in the middle of an answer.");
        }

        Volatile.Write(ref _lastReceived, _time.GetTimestamp());
        return received;
    }
}
