using System.Buffers.Binary;
using System.Net.Sockets;

using FlussLake.Client.Protocol;
using FlussLake.Embedded;
using FlussLake.Embedded.Rpc;
using FlussLake.Fuzz.Tests.Corpora;
using FlussLake.Fuzz.Tests.Fuzzing;
using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>Whole requests against a running embedded server: each is answered, and nothing happens in it that it did not foresee.</summary>
public sealed class RequestDispatchTarget : FuzzTarget, IDisposable
{
    private readonly FailureLog _log = new();
    private readonly Socket _nowhere = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private ServerParts _server;

    public RequestDispatchTarget() => _server = Start();

    protected override IReadOnlyList<byte[]> Corpus { get; } = Requests.All;

    protected override int RenewedEvery => 2000;

    // A table of as many buckets as there may be.
    protected override long MaxAllocation(int inputLength) => (128 << 20) + (400L * inputLength);

    public void Dispose()
    {
        _server.Dispose();
        _nowhere.Dispose();
    }

    protected override byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) => input.Length <= 8 || random.OneIn(12)
        ? ByteMutation.Apply(input, corpus, random)
        : [.. input.AsSpan(0, 8), .. ProtobufMutation.Apply(input[8..], corpus, random)];

    protected override void Renew()
    {
        _server.Dispose();
        _server = Start();
    }

    protected override bool TryDecode(byte[] input)
    {
        if (input.Length < 8)
        {
            return false;
        }

        // A mutated request may have dropped what the others are about.
        if (_server.Catalog.Find(Requests.OrdersPath) is null)
        {
            Make(_server);
        }

        // The coordinator serves what changes tables, tablet servers what is about logs.
        ApiKey key = (ApiKey)BinaryPrimitives.ReadInt16BigEndian(input);
        Serve(_server, key is ApiKey.ProduceLog or ApiKey.FetchLog or ApiKey.ListOffsets or ApiKey.LimitScan or ApiKey.GetTableStats or ApiKey.InitWriter ? 1 : 0, input);
        return _log.Take() is { } failure ? throw new InvalidOperationException($"{key}: {failure}", failure) : true;
    }

    private ServerParts Start()
    {
        ServerParts server = ServerParts.Start(new EmbeddedFlussOptions { LoggerFactory = _log });
        Make(server);
        return server;
    }

    private void Make(ServerParts server)
    {
        foreach (byte[] request in Requests.Making)
        {
            Serve(server, 0, request);
        }
    }

    private void Serve(ServerParts server, int listener, byte[] request)
    {
        // Its threads are not started: answers stay where they are queued.
        ServerListener asked = server.Listeners[listener];
        asked.Dispatch.Serve(new ServerSession(_nowhere, asked.Node, asked.Dispatch, static _ => { }), asked.Node, [.. request]);
    }
}
