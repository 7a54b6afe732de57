namespace FlussLake.Lake.Paimon;

/// <summary>Keeps decoded metadata files by path, up to a number of bytes; the one unused for longest goes first. Only for files whose names are never used twice.</summary>
internal sealed class MetadataCache
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byPath = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private readonly long _capacity;
    private long _size;

    internal MetadataCache(long capacity) => _capacity = capacity;

    /// <summary>The bytes that the entries take, as their owners said.</summary>
    internal long Size
    {
        get
        {
            lock (_lock) return _size;
        }
    }

    internal T? Find<T>(string path)
        where T : class
    {
        lock (_lock)
        {
            if (!_byPath.TryGetValue(path, out LinkedListNode<Entry>? node)) return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Value as T;
        }
    }

    internal void Add(string path, object value, long size)
    {
        size += 128 + (2L * path.Length);
        lock (_lock)
        {
            if (_byPath.ContainsKey(path) || size > _capacity) return;
            _byPath.Add(path, _byUse.AddFirst(new Entry(path, value, size)));
            _size += size;
            while (_size > _capacity && _byUse.Last is { } last)
            {
                _byUse.RemoveLast();
                _byPath.Remove(last.Value.Path);
                _size -= last.Value.Size;
            }
        }
    }

    private sealed record Entry(string Path, object Value, long Size);
}
