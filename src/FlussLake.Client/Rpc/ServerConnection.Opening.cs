using System.Net;
using System.Net.Sockets;
using System.Text;

using FlussLake.Client.Buffers;
using FlussLake.Client.Protocol;

using Google.Protobuf;

namespace FlussLake.Client.Rpc;

internal sealed partial class ServerConnection
{
    private const string Mechanism = "PLAIN";
    private static readonly TimeSpan s_firstAuthenticationPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestAuthenticationPause = TimeSpan.FromSeconds(5);

    // Connects, learns the versions, authenticates. Runs on the read thread; the time-out closes the socket under it.
    private void Open()
    {
        Connect();
        ApiVersionsRequest request = new() { ClientSoftwareName = "flusslake", ClientSoftwareVersion = "0.1.0" };
        ApiVersionsResponse response;
        try
        {
            response = Exchange(ApiKey.ApiVersions, request, ApiVersionsResponse.Parser);
        }
        catch (ServerErrorException refusal)
        {
            throw RpcErrors.FromServer(ApiKey.ApiVersions, "the connection", Address, (int)refusal.Code, refusal.Message, hasCredentials: true);
        }

        ApiVersionTable versions = new(response);
        if (_options.UserId is not null)
        {
            Authenticate();
        }

        lock (_gate)
        {
            if (_closed is not null)
            {
                throw _closed;
            }

            _serverType = response.HasServerType ? (ServerType)response.ServerType : null;
            Volatile.Write(ref _versions, versions);
            _opening.Dispose();
            new Thread(RunWriter) { IsBackground = true, Name = $"FlussLake write {Address}" }.UnsafeStart();
        }

        _counters.MarkConnected();
        ClientLog.Connected(_logger, Address);
    }

    private void Connect()
    {
        IPAddress[] addresses = IPAddress.TryParse(Address.Host, out IPAddress? literal) ? [literal] : Dns.GetHostAddresses(Address.Host);
        SocketException? failure = null;
        foreach (IPAddress address in addresses)
        {
            Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            lock (_gate)
            {
                if (_closed is not null)
                {
                    socket.Dispose();
                    throw _closed;
                }

                _socket?.Dispose();
                _socket = socket;
            }

            try
            {
                socket.Connect(new IPEndPoint(address, Address.Port));
                return;
            }
            catch (SocketException exception)
            {
                failure = exception;
            }
        }

        throw RpcErrors.CannotConnect(Address, failure?.Message ?? "the name has no address.", failure);
    }

    private void Authenticate()
    {
        string user = _options.UserId!;
        byte[] token = Encoding.UTF8.GetBytes($"\0{user}\0{_options.Password}");
        AuthenticateRequest request = new() { Protocol = Mechanism, Token = UnsafeByteOperations.UnsafeWrap(token) };
        TimeSpan pause = s_firstAuthenticationPause;
        while (true)
        {
            try
            {
                AuthenticateResponse response = Exchange(ApiKey.Authenticate, request, AuthenticateResponse.Parser);
                if (response.Challenge.Length > 0)
                {
                    throw RpcErrors.Refused(
                        Address, user, new ServerErrorException(FlussErrorCode.AuthenticationFailed, "The server asks for more than the mechanism PLAIN has."));
                }

                return;
            }
            catch (ServerErrorException refusal) when (refusal.Code != FlussErrorCode.RetriableAuthentication)
            {
                if (refusal.Code == FlussErrorCode.AuthenticationFailed && HasNoAuthentication())
                {
                    ClientLog.NotAuthenticated(_logger, Address);
                    return;
                }

                throw RpcErrors.Refused(Address, user, refusal);
            }
            catch (ServerErrorException)
            {
                lock (_gate)
                {
                    // Until the time-out for opening ends it.
                    long end = _time.After(pause * (0.8 + (Random.Shared.NextDouble() * 0.4)));
                    TimeSpan left;
                    while (_closed is null && (left = _time.GetElapsedTime(_time.GetTimestamp(), end)) > TimeSpan.Zero)
                    {
                        Monitor.Wait(_gate, left);
                    }

                    if (_closed is not null)
                    {
                        throw _closed;
                    }
                }

                pause = pause * 2 < s_longestAuthenticationPause ? pause * 2 : s_longestAuthenticationPause;
            }
        }
    }

    // A listener without authentication refuses every mechanism but its own name, which costs nothing to say.
    private bool HasNoAuthentication()
    {
        try
        {
            AuthenticateRequest request = new() { Protocol = "PLAINTEXT", Token = ByteString.Empty };
            return Exchange(ApiKey.Authenticate, request, AuthenticateResponse.Parser).Challenge.IsEmpty;
        }
        catch (Exception exception) when (exception is ServerErrorException or FlussException or SocketException)
        {
            return false;
        }
    }

    // One request and its answer, before the connection is shared.
    private TResponse Exchange<TResponse>(ApiKey key, IMessage body, MessageParser<TResponse> parser)
        where TResponse : IMessage<TResponse>
    {
        int id = NextId();
        byte[] request = FrameFormat.Serialize(body);
        FrameFormat.WriteRequestHeader(request, key, 0, id);
        try
        {
            SendAll(request);
        }
        finally
        {
            // The request may hold a password.
            Array.Clear(request);
        }

        using PooledFrame frame = _frames.Read();
        AnswerFrame answer = AnswerFrame.Read(Address, frame.Span);
        if (answer.Kind == ResponseKind.ServerFailure)
        {
            throw ServerFailure(answer.Body);
        }

        if (answer.Id != id)
        {
            throw RpcErrors.NotTheProtocol(Address, $"its answer to {key} names the request {answer.Id} instead of {id}.");
        }

        const string Subject = "the connection";
        if (answer.Kind == ResponseKind.Success)
        {
            return AnswerBody.Read(parser, answer.Body, key, Subject, Address);
        }

        ErrorResponse error = AnswerBody.Read(ErrorResponse.Parser, answer.Body, key, Subject, Address);
        throw new ServerErrorException((FlussErrorCode)error.ErrorCode, Redact(error.ErrorMessage));
    }

    // A server that repeats the password must not make us show it.
    private string Redact(string message) => string.IsNullOrEmpty(_options.Password) ? message : message.Replace(_options.Password, "***", StringComparison.Ordinal);
}
