using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

using FlussLake.Client.Buffers;
using FlussLake.Client.Protocol;

namespace FlussLake.Client.Rpc;

/// <summary>
/// Cuts the bytes of one server into answer frames. Small frames are taken several at a time; of large ones only the first bytes pass through a buffer of its own, the
/// body is received straight into the frame's. Belongs to one thread.
/// </summary>
internal sealed class FrameReader(ServerAddress server, int maxFrameBytes, ByteSource source)
{
    // Filled and emptied by one thread alone, so it never waits.
    private readonly Pipe _received = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, minimumSegmentSize: 16 << 10, useSynchronizationContext: false));

    /// <summary>Whether the bytes that are waited for belong to a frame that has begun. Changes before the source is asked.</summary>
    public bool IsInside { get; private set; }

    /// <summary>Reads one frame without its length.</summary>
    /// <returns>A frame of at least one byte; the caller disposes it.</returns>
    /// <exception cref="FlussException">The announced length is not possible, or the stream ends.</exception>
    public PooledFrame Read()
    {
        int length = ReadLength();
        if (length < 1 || length > maxFrameBytes)
        {
            throw RpcErrors.NotTheProtocol(server, $"it announced an answer of {length} bytes, where 1 to {maxFrameBytes} are possible.");
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

    /// <summary>Gives the buffers back once nothing is read any more.</summary>
    public void Complete()
    {
        _received.Writer.Complete();
        _received.Reader.Complete();
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
        IsInside = !atStart;
        int received = source(target);
        return received > 0 ? received : throw RpcErrors.Lost(server, atStart ? "the server closed it." : "the server closed it in the middle of an answer.");
    }
}
