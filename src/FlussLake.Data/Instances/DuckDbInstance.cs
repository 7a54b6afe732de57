using DuckDB.NET.Data;
using FlussLake.Data.Execution;
using FlussLake.Data.Sql;

namespace FlussLake.Data.Instances;

/// <summary>
/// One DuckDB instance that connections share: an open database file of its own in the temp folder, or the user's file. An anchor, a plain connection, holds it open;
/// DuckDB.NET gives every connection with the same data source the same instance.
/// </summary>
internal sealed class DuckDbInstance(string key, string path, bool isFile)
{
    private readonly Lock _gate = new();
    private readonly Lock _detachGate = new();
    private readonly List<string> _toDetach = [];
    private SortedDictionary<string, string>? _settings;
    private string? _tempDirectory;
    private DuckDBConnection? _anchor;

    public string Key { get; } = key;

    /// <summary>The data source, as DuckDB.NET sees it.</summary>
    public string Path { get; } = path;

    public bool IsFile { get; } = isFile;

    /// <summary>How many connections use it or are about to. Guarded by the registry.</summary>
    public int Users { get; set; }

    /// <summary>When it closes for want of users, or null. Guarded by the registry.</summary>
    public Deadline? IdleEnd { get; set; }

    /// <summary>Opens the anchor if it is not open.</summary>
    /// <exception cref="ArgumentException">The file is open with other settings; the message names one.</exception>
    /// <exception cref="DuckDBException">DuckDB cannot open the database.</exception>
    public void EnsureOpen(SortedDictionary<string, string> settings)
    {
        lock (_gate)
        {
            if (_anchor is null)
            {
                Open(settings);
            }
            else if (IsFile)
            {
                CheckSettings(settings);
            }
        }
    }

    /// <summary>Drops a connection's private catalog. The connection itself could not: DETACH fails inside its open or aborted transaction.</summary>
    public void Detach(string catalog)
    {
        // The connection still counts as a user, so the anchor stays; opening others need not wait.
        lock (_detachGate)
        {
            // A catalog that something still uses is tried again with the next one.
            _toDetach.Add(catalog);
            _toDetach.RemoveAll(TryDetach);
        }
    }

    /// <summary>Closes the anchor if <paramref name="isIdle"/> says that nobody uses the instance, then calls <paramref name="closed"/>.</summary>
    /// <remarks>Whoever claims the instance meanwhile waits in <see cref="EnsureOpen"/> until all of this is done, and opens it again.</remarks>
    public void Close(Func<bool> isIdle, Action closed)
    {
        lock (_gate)
        {
            if (!isIdle())
            {
                return;
            }

            if (_anchor is not null)
            {
                _anchor.Dispose();
                _anchor = null;
                _settings = null;
                _toDetach.Clear();
                DeleteFiles();
            }

            closed();
        }
    }

    private void Open(SortedDictionary<string, string> settings)
    {
        _tempDirectory = settings.ContainsKey("temp_directory") ? null : TempFolder.NewPath(".tmp");
        DuckDBConnection anchor = new(DuckDbConnectionString.Of(Path, settings, _tempDirectory));
        try
        {
            anchor.Open();
            InstanceRegistry.RegisterFunctions(anchor);
            if (!IsFile && !OperatingSystem.IsWindows())
            {
                // The open file lives on without its name.
                TempFolder.Delete(Path);
            }
        }
        catch
        {
            anchor.Dispose();
            DeleteFiles();
            throw;
        }

        _anchor = anchor;
        _settings = settings;
    }

    private void CheckSettings(SortedDictionary<string, string> settings)
    {
        foreach (string name in settings.Keys.Union(_settings!.Keys))
        {
            string? asked = settings.GetValueOrDefault(name);
            string? open = _settings.GetValueOrDefault(name);
            if (!string.Equals(asked?.Trim(), open?.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                throw new ArgumentException(Messages.OtherSetting(Path, name, asked, open));
            }
        }
    }

    private bool TryDetach(string catalog)
    {
        try
        {
            using DuckDBCommand command = new("DETACH DATABASE IF EXISTS " + SqlQuote.Identifier(catalog), _anchor!);
            command.ExecuteNonQuery();
            return true;
        }
        catch (DuckDBException)
        {
            return false;
        }
    }

    private void DeleteFiles()
    {
        if (_tempDirectory is not null)
        {
            TempFolder.GiveBack(_tempDirectory);
        }

        if (!IsFile)
        {
            TempFolder.Delete(Path);
            TempFolder.Delete(Path + ".wal");
        }
    }
}
