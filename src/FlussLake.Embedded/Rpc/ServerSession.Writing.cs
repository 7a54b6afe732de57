using System.Net.Sockets;

namespace FlussLake.Embedded.Rpc;

internal sealed partial class ServerSession
{
    private const int MaxOpenCalls = 500;
    private const long MaxIncomingBytes = 128 << 20;
    private const long MaxOutgoingBytes = 64 << 20;

    private readonly object _gate = new();
    private readonly Queue<byte[]> _outgoing = new();
    private long _outgoingBytes;
    private long _incomingBytes;
    private int _openCalls;
    private bool _ending;
    private bool _closed;
    private bool _silent;

    /// <summary>Queues bytes to be written. Never blocks.</summary>
    /// <param name="bytes">One frame.</param>
    /// <param name="isLast">Whether the connection closes after them: then nothing else follows, since they may be a part of a frame.</param>
    public void Send(byte[] bytes, bool isLast = false)
    {
        lock (_gate)
        {
            if (_closed || _ending || _silent)
            {
                return;
            }

            _outgoing.Enqueue(bytes);
            _outgoingBytes += bytes.Length;
            _ending = isLast;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Queues bytes to be written, and nothing after them, while the connection stays open.</summary>
    public void SendAndFallSilent(byte[] bytes)
    {
        lock (_gate)
        {
            Send(bytes);
            _silent = true;
        }
    }

    public void CallStarted(int bytes)
    {
        lock (_gate)
        {
            _openCalls++;
            _incomingBytes += bytes;
        }
    }

    public void CallEnded(int bytes)
    {
        lock (_gate)
        {
            _openCalls--;
            _incomingBytes -= bytes;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Closes the connection once what is queued is written.</summary>
    private void CloseAfterWriting()
    {
        lock (_gate)
        {
            _ending = true;
            Monitor.PulseAll(_gate);
        }
    }

    private bool AwaitRoom()
    {
        lock (_gate)
        {
            while (!_closed && (_openCalls >= MaxOpenCalls || _incomingBytes >= MaxIncomingBytes || _outgoingBytes >= MaxOutgoingBytes))
            {
                Monitor.Wait(_gate);
            }

            return !_closed;
        }
    }

    private void Write()
    {
        try
        {
            while (TryTake() is { } bytes)
            {
                ReadOnlySpan<byte> rest = bytes;
                while (rest.Length > 0)
                {
                    rest = rest[_socket.Send(rest)..];
                }

                lock (_gate)
                {
                    _outgoingBytes -= bytes.Length;
                    Monitor.PulseAll(_gate);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The client is gone; the reader learns of it too.
        }

        Close();
        ThreadEnded();
    }

    private byte[]? TryTake()
    {
        lock (_gate)
        {
            while (!_closed && !_ending && _outgoing.Count == 0)
            {
                Monitor.Wait(_gate);
            }

            return !_closed && _outgoing.TryDequeue(out byte[]? bytes) ? bytes : null;
        }
    }
}
