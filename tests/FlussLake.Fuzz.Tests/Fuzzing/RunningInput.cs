using System.IO.MemoryMappedFiles;

namespace FlussLake.Fuzz.Tests.Fuzzing;

/// <summary>Which input a decoder is given now. Also kept in a file, which outlives a decoder that ends the process.</summary>
internal sealed class RunningInput : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly string _path;
    private long _index = -1;
    private long _startedAt = long.MaxValue;

    public RunningInput(string decoder, ulong seed)
    {
        Decoder = decoder;
        Seed = seed;
        _path = FuzzFiles.PathOf($"{decoder}.running");
        EndedProcessAt = File.Exists(_path) ? BitConverter.ToInt64(File.ReadAllBytes(_path)) : null;
        _file = MemoryMappedFile.CreateFromFile(_path, FileMode.Create, null, sizeof(long));
        _view = _file.CreateViewAccessor();
        Watchdog.Watch(this);
    }

    public string Decoder { get; }

    public ulong Seed { get; }

    /// <summary>The input at which the run before ended, and the process with it; or null.</summary>
    public long? EndedProcessAt { get; }

    public long Index => Volatile.Read(ref _index);

    /// <summary>When the decoder was given the input, as a time stamp; the far future between inputs.</summary>
    public long StartedAt => Volatile.Read(ref _startedAt);

    public void Start(long index, long timestamp)
    {
        _view.Write(0, index);
        Volatile.Write(ref _index, index);
        Volatile.Write(ref _startedAt, timestamp);
    }

    public void End() => Volatile.Write(ref _startedAt, long.MaxValue);

    public void Dispose()
    {
        Watchdog.Forget(this);
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }
}
