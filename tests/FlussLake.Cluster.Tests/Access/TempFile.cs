namespace FlussLake.Cluster.Tests.Access;

/// <summary>A path for a database file, removed with all that DuckDB put beside it.</summary>
internal sealed class TempFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flusslake-file-").FullName;

    public string Path => System.IO.Path.Combine(_folder, "test.duckdb");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
