using System.Globalization;

using FlussLake.Client;

namespace FlussLake.Embedded.Faults;

/// <content>What can be scripted.</content>
public sealed partial class FaultScript
{
    /// <summary>Sends the first bytes of an answer, then closes the connection: other requests of the connection are not answered either.</summary>
    /// <param name="api">The request, or null for the next one, whatever it is.</param>
    /// <param name="afterBytes">The number of bytes of the answer's frame that are sent.</param>
    /// <param name="times">How many answers it happens to.</param>
    public void DropConnection(FlussApi? api = null, int afterBytes = 0, int times = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterBytes);
        Add(new DropConnectionFault(api, afterBytes, Positive(times)));
    }

    /// <summary>Sends the first bytes of an answer and nothing else on that connection from then on, which stays open: what a client sees of a server that hangs.</summary>
    /// <param name="api">The request, or null for the next one, whatever it is.</param>
    /// <param name="afterBytes">The number of bytes of the answer's frame that are sent.</param>
    /// <param name="times">How many answers it happens to.</param>
    public void Stall(FlussApi? api = null, int afterBytes = 0, int times = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterBytes);
        Add(new StallFault(api, afterBytes, Positive(times)));
    }

    /// <summary>Sends an answer under the number of a request that was never made.</summary>
    /// <param name="api">The request, or null for the next one, whatever it is.</param>
    /// <param name="times">How many answers it happens to.</param>
    public void Misdirect(FlussApi? api = null, int times = 1) => Add(new MisdirectFault(api, Positive(times)));

    /// <summary>Sends an answer of the right length whose bytes are noise.</summary>
    /// <param name="api">The request, or null for the next one, whatever it is.</param>
    /// <param name="times">How many answers it happens to.</param>
    public void Garble(FlussApi? api = null, int times = 1) => Add(new GarbleFault(api, Positive(times)));

    /// <summary>Lets requests pass: the faults for them that are added later begin after these.</summary>
    /// <param name="api">The request, or null for the next ones, whatever they are.</param>
    /// <param name="times">How many requests pass.</param>
    public void Spare(FlussApi? api = null, int times = 1) => Add(new SpareFault(api, Positive(times)));

    /// <summary>Sends an answer later, without holding up others.</summary>
    /// <param name="delay">How much later.</param>
    /// <param name="api">The request, or null for the next one, whatever it is.</param>
    /// <param name="times">How many answers it happens to.</param>
    public void Delay(TimeSpan delay, FlussApi? api = null, int times = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delay.Ticks, nameof(delay));
        Add(new DelayFault(api, delay, Positive(times)));
    }

    /// <summary>Answers a request with an error instead of serving it.</summary>
    /// <param name="code">The error's code.</param>
    /// <param name="api">The request, or null for the next one, whatever it is.</param>
    /// <param name="times">How many requests it happens to.</param>
    public void Refuse(FlussErrorCode code, FlussApi? api = null, int times = 1) => Add(new RefuseFault(api, code, Scripted(code), Positive(times)));

    /// <summary>Refuses what a request asks of one bucket, or of every bucket of a table; the rest of the request is served.</summary>
    /// <param name="api">FetchLog, ProduceLog, ListOffsets, LimitScan or GetTableStats.</param>
    /// <param name="table">The table, which must exist.</param>
    /// <param name="code">The error's code.</param>
    /// <param name="bucket">The bucket's number, in every partition; null for all buckets.</param>
    /// <param name="times">How many times a bucket is refused.</param>
    /// <exception cref="FlussException">There is no such table.</exception>
    public void RefuseBucket(FlussApi api, TablePath table, FlussErrorCode code, int? bucket = null, int times = 1)
    {
        if (api is not (FlussApi.FetchLog or FlussApi.ProduceLog or FlussApi.ListOffsets or FlussApi.LimitScan or FlussApi.GetTableStats))
        {
            throw new ArgumentException($"{api} does not answer for each bucket.", nameof(api));
        }

        BucketFault fault = new(api, Catalog.Get(table).TableId, bucket, code, Scripted(code), Positive(times));
        lock (_gate)
        {
            _bucketFaults.Add(fault);
        }
    }

    /// <summary>Neither serves nor answers a request.</summary>
    /// <param name="api">The request, or null for the next one, whatever it is.</param>
    /// <param name="times">How many requests it happens to.</param>
    public void Swallow(FlussApi? api = null, int times = 1) => Add(new SwallowFault(api, Positive(times)));

    /// <summary>Serves a request and never answers it: what it asked for has happened, and the client does not know.</summary>
    /// <param name="api">The request, or null for the next one, whatever it is.</param>
    /// <param name="times">How many answers it happens to.</param>
    public void LoseAnswer(FlussApi? api = null, int times = 1) => Add(new LoseAnswerFault(api, Positive(times)));

    /// <summary>Cuts bytes off the end of an answer; the frame's length agrees with what is left.</summary>
    /// <param name="bytes">How many bytes; at most the whole body.</param>
    /// <param name="api">The request, or null for the next one, whatever it is.</param>
    /// <param name="times">How many answers it happens to.</param>
    public void Truncate(int bytes, FlussApi? api = null, int times = 1) => Add(new TruncateFault(api, Positive(bytes), Positive(times)));

    /// <summary>Holds answers back until a number of them is there, and then sends them in the opposite order. Where fewer requests come, none of them is answered.</summary>
    /// <param name="answers">How many answers.</param>
    /// <param name="api">The requests, or null for the next ones, whatever they are.</param>
    public void Reorder(int answers, FlussApi? api = null) => Add(new ReorderFault(api, Positive(answers)));

    /// <summary>Flips bits in the last batch of a fetch that returns records.</summary>
    /// <param name="table">The table, which must exist.</param>
    /// <param name="bucket">The bucket's number, in every partition; null for the next one that returns records.</param>
    /// <param name="times">How many fetches it happens to.</param>
    /// <exception cref="FlussException">There is no such table.</exception>
    public void CorruptBatch(TablePath table, int? bucket = null, int times = 1)
    {
        BucketFault fault = new(FlussApi.FetchLog, Catalog.Get(table).TableId, bucket, FlussErrorCode.None, "", Positive(times));
        lock (_gate)
        {
            _corruptions.Add(fault);
        }
    }

    private static int Positive(int value, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        return value;
    }

    private static string Scripted(FlussErrorCode code) => string.Create(CultureInfo.InvariantCulture, $"Scripted: {code}.");
}
