using System.Buffers.Binary;

using FlussLake.Client;
using FlussLake.Client.Protocol;
using FlussLake.Embedded.Faults;

using Microsoft.Extensions.Logging;

namespace FlussLake.Embedded.Rpc;

/// <summary>Takes request frames apart and finds what serves them. Whatever goes wrong becomes an error answer; nothing is thrown to the connection.</summary>
internal sealed class RequestDispatch(ApiSet apis, Authentication authentication, FaultScript faults, ILogger logger)
{
    private const int KeyAndVersionAndId = 8;

    // Only appends carry much: small fields become large objects when they are read.
    private const int MaxOtherRequest = 4 << 20;

    public void Serve(ServerSession session, ServerNode node, byte[] frame)
    {
        ApiKey key = (ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame);
        int id = BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4));
        Fault? fault = faults.Take(key);
        Call call = new(session, node, key, id, frame.AsMemory(KeyAndVersionAndId), fault);
        session.CallStarted(call.Body.Length);
        if (fault?.TryPrevent(call) == true)
        {
            return;
        }

        try
        {
            Serve(call);
        }
        catch (FlussException exception)
        {
            call.Refuse(exception);
        }
        catch (FormatException exception)
        {
            call.Refuse(FlussErrorCode.UnknownServerError, $"The body of the {key} request cannot be read: {exception.Message}");
        }
#pragma warning disable CA1031 // One request's defect must not end the connection that others share.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            EmbeddedLog.RequestFailed(logger, key, exception);
            call.Refuse(FlussErrorCode.UnknownServerError, $"{key} failed: {exception.GetType().Name}: {exception.Message}");
        }
    }

    private void Serve(Call call)
    {
        if (call.Body.Length > MaxOtherRequest && call.Key != ApiKey.ProduceLog)
        {
            call.Refuse(FlussErrorCode.UnknownServerError, $"A {call.Key} request of {call.Body.Length} bytes is too large: {MaxOtherRequest} are the most.");
        }
        else if (call.Key == ApiKey.ApiVersions)
        {
            call.Answer(apis.Versions());
        }
        else if (call.Key == ApiKey.Authenticate)
        {
            AuthenticateResponse response = authentication.Authenticate(WireMessage.Read(AuthenticateRequest.Parser, call.Body.Span));
            call.Session.IsAuthenticated = true;
            call.Answer(response);
        }
        else if (authentication.IsRequired && !call.Session.IsAuthenticated)
        {
            call.Refuse(FlussErrorCode.AuthenticationFailed, $"{call.Key} needs a user: this server was started with users, and the connection has not authenticated.");
        }
        else if (apis.TryFind(call.Key, out Action<Call>? handler))
        {
            handler(call);
        }
        else
        {
            call.Refuse(FlussErrorCode.UnsupportedVersion, $"The request {call.Key} ({(short)call.Key}) is not served here: ApiVersions names what is.");
        }
    }
}
