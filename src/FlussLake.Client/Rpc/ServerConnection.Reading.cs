using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;

using FlussLake.Client.Buffers;
using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Client.Rpc;

internal sealed partial class ServerConnection
{
    // Small frames are taken several at a time; of large ones only the first bytes pass through here. Filled and emptied by the read thread alone, so it never waits.
    private readonly Pipe _received = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, minimumSegmentSize: 16 << 10, useSynchronizationContext: false));

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
        finally
        {
            _received.Writer.Complete();
            _received.Reader.Complete();
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
        int length = ReadLength();
        if (length < 1 || length > _options.MaxResponseBytes)
        {
            throw RpcErrors.NotTheProtocol(Address, $"it announced an answer of {length} bytes, where 1 to {_options.MaxResponseBytes} are possible.");
        }

        PooledFrame frame = FramePool.Shared.Rent(length);
        try
        {
            Span<byte> rest = frame.Span[TakeReceived(frame.Span)..];
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

    private int ReadLength()
    {
        Span<byte> length = stackalloc byte[FrameFormat.LengthSize];
        bool any = false;
        while (true)
        {
            if (_received.Reader.TryRead(out ReadResult received))
            {
                ReadOnlySequence<byte> bytes = received.Buffer;
                if (bytes.Length >= length.Length)
                {
                    bytes.Slice(0, length.Length).CopyTo(length);
                    _received.Reader.AdvanceTo(bytes.GetPosition(length.Length));
                    return BinaryPrimitives.ReadInt32BigEndian(length);
                }

                any |= !bytes.IsEmpty;
                _received.Reader.AdvanceTo(bytes.Start, bytes.End);
            }

            _received.Writer.Advance(ReceiveSome(_received.Writer.GetSpan(), atStart: !any));
            _received.Writer.FlushAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
    }

    private int TakeReceived(Span<byte> target)
    {
        if (!_received.Reader.TryRead(out ReadResult received))
        {
            return 0;
        }

        ReadOnlySequence<byte> bytes = received.Buffer.Slice(0, Math.Min(received.Buffer.Length, target.Length));
        bytes.CopyTo(target);
        _received.Reader.AdvanceTo(bytes.End);
        return (int)bytes.Length;
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
