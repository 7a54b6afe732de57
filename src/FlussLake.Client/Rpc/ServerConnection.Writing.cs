using System.Net.Sockets;

using FlussLake.Client.Protocol;

namespace FlussLake.Client.Rpc;

internal sealed partial class ServerConnection
{
    private const int WriteBufferSize = 64 << 10;

    private void RunWriter()
    {
        byte[] buffer = new byte[WriteBufferSize];
        List<PendingRequest> batch = [];
        List<(PendingRequest Request, FlussException Failure)> refused = [];
        try
        {
            while (TryCollect(batch, refused))
            {
                foreach ((PendingRequest request, FlussException failure) in refused)
                {
                    if (request.TryEnd())
                    {
                        request.OnFailure(failure);
                    }
                }

                refused.Clear();
                Write(batch, buffer);
                batch.Clear();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Close(RpcErrors.Lost(Address, exception.Message, exception));
        }
#pragma warning disable CA1031 // An unforeseen failure on this thread must fail the connection's requests instead of the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Close(new FlussException($"Writing to {Address} failed: {exception.Message}", FlussErrorCode.UnknownServerError, exception));
        }
    }

    // Waits for requests, gives them ids and headers; false once the connection is closed.
    private bool TryCollect(List<PendingRequest> batch, List<(PendingRequest Request, FlussException Failure)> refused)
    {
        lock (_gate)
        {
            while (_unsent.Count == 0 && _closed is null)
            {
                Monitor.Wait(_gate);
            }

            if (_closed is not null)
            {
                return false;
            }

            long now = _time.GetTimestamp();
            while (_unsent.TryDequeue(out PendingRequest? request))
            {
                if (request.HasEnded)
                {
                    continue;
                }

                if (!_versions!.TryNegotiate(request.Key, out short version))
                {
                    refused.Add((request, RpcErrors.NotServed(request, Address)));
                }
                else if (request.RequiredServer is not null && _serverType is { } found && found != request.RequiredServer)
                {
                    refused.Add((request, RpcErrors.OtherServer(request, Address, found)));
                }
                else
                {
                    int id = NextId();
                    FrameFormat.WriteRequestHeader(request.Frame, request.Key, version, id);
                    request.SentAt = now;
                    _sent.Add(id, request);
                    batch.Add(request);
                }
            }

            return true;
        }
    }

    // Ids wrap around; one that still waits for its answer is not given out again.
    private int NextId()
    {
        while (_sent.ContainsKey(_nextId))
        {
            _nextId = unchecked(_nextId + 1);
        }

        int id = _nextId;
        _nextId = unchecked(_nextId + 1);
        return id;
    }

    private void Write(List<PendingRequest> batch, byte[] buffer)
    {
        int filled = 0;
        foreach (PendingRequest request in batch)
        {
            ReadOnlySpan<byte> frame = request.Frame;
            if (filled > 0 && frame.Length > buffer.Length - filled)
            {
                SendAll(buffer.AsSpan(0, filled));
                filled = 0;
            }

            if (frame.Length > buffer.Length)
            {
                SendAll(frame);
            }
            else
            {
                frame.CopyTo(buffer.AsSpan(filled));
                filled += frame.Length;
            }
        }

        if (filled > 0)
        {
            SendAll(buffer.AsSpan(0, filled));
        }
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        Socket socket = _socket!;
        while (bytes.Length > 0)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }
}
