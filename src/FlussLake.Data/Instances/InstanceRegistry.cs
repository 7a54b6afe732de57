using DuckDB.NET.Data;
using FlussLake.Data.DuckDb;
using FlussLake.Data.Execution;

namespace FlussLake.Data.Instances;

/// <summary>The shared DuckDB instances of the process.</summary>
internal static class InstanceRegistry
{
    private static readonly Lock s_gate = new();
    private static readonly Lock s_registration = new();
    private static readonly Dictionary<string, DuckDbInstance> s_instances = new(StringComparer.Ordinal);

    // DuckDB.NET reads a connection object's data source once, so a shared instance that closed comes back under the same path.
    private static readonly Dictionary<string, string> s_sharedPaths = new(StringComparer.Ordinal);

    /// <summary>Gives the instance of a connection string, open and with our functions. Every one is given back by <see cref="Release"/>.</summary>
    /// <returns>Null where the temp folder cannot be written: the connection then has an instance of its own.</returns>
    public static DuckDbInstance? Acquire(ConnectionOptions options)
    {
        DuckDbInstance instance = options.IsShared ? ClaimShared(options) : ClaimFile(options.DataSource);
        try
        {
            instance.EnsureOpen(options.DuckDb);
            return instance;
        }
        catch (DuckDBException) when (!instance.IsFile && !TempFolder.IsWritable(instance.Path))
        {
            Release(instance, TimeSpan.Zero);
            return null;
        }
        catch
        {
            Release(instance, TimeSpan.Zero);
            throw;
        }
    }

    /// <summary>Ends one use. The last one closes a file at once, and a shared instance after <paramref name="idleLifetime"/>.</summary>
    public static void Release(DuckDbInstance instance, TimeSpan idleLifetime)
    {
        bool now = instance.IsFile || idleLifetime <= TimeSpan.Zero;
        lock (s_gate)
        {
            if (--instance.Users > 0)
            {
                return;
            }

            if (!now)
            {
                // Closing joins DuckDB's threads, which is no work for the thread of deadlines.
                instance.IdleEnd = Deadlines.Schedule(idleLifetime, () => ExecutionThreads.Post(() => Close(instance)));
                return;
            }
        }

        Close(instance);
    }

    /// <summary>Registers our functions in an instance. Concurrent registrations fail in DuckDB.</summary>
    public static void RegisterFunctions(DuckDBConnection anchor)
    {
        lock (s_registration)
        {
            FlussFunctions.RegisterInstance(anchor);
        }
    }

    private static DuckDbInstance ClaimShared(ConnectionOptions options)
    {
        string settings = DuckDbConnectionString.Of("", options.DuckDb, null);
        string key = string.Join('\n', string.Join(',', options.Session.BootstrapServers), options.Session.UserId, settings);
        lock (s_gate)
        {
            if (!s_sharedPaths.TryGetValue(key, out string? path))
            {
                path = TempFolder.NewPath(".duckdb");
                s_sharedPaths.Add(key, path);
            }

            return Claim(key, path, isFile: false);
        }
    }

    private static DuckDbInstance ClaimFile(string source)
    {
        string path = DatabasePath.IsRemote(source) ? source : DatabasePath.Canonical(source);
        lock (s_gate)
        {
            // DuckDB.NET's cache of instances ignores case.
            foreach (DuckDbInstance open in s_instances.Values)
            {
                if (open.IsFile && open.Users > 0 && string.Equals(open.Path, path, StringComparison.OrdinalIgnoreCase)
                    && !string.Equals(open.Path, path, StringComparison.Ordinal))
                {
                    path = DatabasePath.AreTwoFiles(path, open.Path) ? throw new ArgumentException(Messages.OtherCase(path, open.Path)) : open.Path;
                    break;
                }
            }

            return Claim("\n" + path, path, isFile: true);
        }
    }

    private static DuckDbInstance Claim(string key, string path, bool isFile)
    {
        if (!s_instances.TryGetValue(key, out DuckDbInstance? instance))
        {
            instance = new DuckDbInstance(key, path, isFile);
            s_instances.Add(key, instance);
        }

        instance.Users++;
        instance.IdleEnd?.Dispose();
        instance.IdleEnd = null;
        return instance;
    }

    private static void Close(DuckDbInstance instance) => instance.Close(() => IsIdle(instance), () => Forget(instance));

    private static void Forget(DuckDbInstance instance)
    {
        lock (s_gate)
        {
            if (instance.Users == 0)
            {
                s_instances.Remove(instance.Key);
            }
        }
    }

    private static bool IsIdle(DuckDbInstance instance)
    {
        lock (s_gate)
        {
            return instance.Users == 0;
        }
    }
}
