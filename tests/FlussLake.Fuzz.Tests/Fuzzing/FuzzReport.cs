using System.Diagnostics;
using System.Globalization;

namespace FlussLake.Fuzz.Tests.Fuzzing;

/// <summary>What one run saw.</summary>
internal sealed class FuzzReport(string decoder, ulong seed)
{
    // Further ones of the same kind tell nothing new.
    private const int MaxKinds = 12;

    private readonly Dictionary<string, string> _failures = [];
    private long _decoded;
    private long _refused;
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private (TimeSpan Time, long Index) _slowest;
    private (long Bytes, long Index) _largest;

    public IReadOnlyCollection<string> Failures => _failures.Values;

    public bool IsFull => _failures.Count >= MaxKinds;

    public void Add(long index, bool isDecoded, TimeSpan time, long allocated)
    {
        _decoded += isDecoded ? 1 : 0;
        _refused += isDecoded ? 0 : 1;
        _slowest = time > _slowest.Time ? (time, index) : _slowest;
        _largest = allocated > _largest.Bytes ? (allocated, index) : _largest;
    }

    /// <summary>Notes a failure, once for each kind, and writes its input.</summary>
    public void Fail(long index, byte[] input, string kind, string what)
    {
        if (_failures.ContainsKey(kind))
        {
            return;
        }

        string file = FuzzFiles.PathOf($"{decoder}-{seed}-{index}.hex");
        File.WriteAllText(file, Convert.ToHexString(input));
        string hex = input.Length <= 1024 ? Convert.ToHexString(input) : Convert.ToHexString(input.AsSpan(0, 1024)) + "…";
        _failures[kind] = string.Create(CultureInfo.InvariantCulture, $"{decoder}: seed {seed}, input {index} ({input.Length} bytes, in {file}):\n{what}\n{hex}");
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{decoder}: seed {seed}, {_decoded + _refused} inputs, {_decoded} decoded, {_refused} refused, in {Stopwatch.GetElapsedTime(_startedAt).TotalSeconds:0.0} s, slowest {_slowest.Time.TotalMilliseconds:0.0} ms (input {_slowest.Index}), largest allocation {_largest.Bytes} bytes (input {_largest.Index})");
}
