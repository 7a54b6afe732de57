using System.Collections;
using FlussLake.Client;

namespace FlussLake.Embedded.Tests.UnionRead;

/// <summary>Ends for a round of tiering, and what is to happen the first time that the round asks for them: in its middle.</summary>
internal sealed class WatchedEnds(IReadOnlyDictionary<TableBucket, long> ends, Action onAsked) : IReadOnlyDictionary<TableBucket, long>
{
    private Action? _onAsked = onAsked;

    public IEnumerable<TableBucket> Keys => Asked.Keys;

    public IEnumerable<long> Values => Asked.Values;

    public int Count => Asked.Count;

    private IReadOnlyDictionary<TableBucket, long> Asked
    {
        get
        {
            Interlocked.Exchange(ref _onAsked, null)?.Invoke();
            return ends;
        }
    }

    public long this[TableBucket key] => Asked[key];

    public bool ContainsKey(TableBucket key) => Asked.ContainsKey(key);

    public bool TryGetValue(TableBucket key, out long value) => Asked.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<TableBucket, long>> GetEnumerator() => Asked.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
