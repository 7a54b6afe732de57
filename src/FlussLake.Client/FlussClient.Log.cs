using FlussLake.Client.Log;

namespace FlussLake.Client;

public sealed partial class FlussClient
{
    /// <summary>Opens a scan of captured ranges of a table's log. Returns at once: the first request leaves when the first batch is taken.</summary>
    /// <param name="options">What is read.</param>
    /// <returns>The scan; dispose it to stop its requests and give its memory back.</returns>
    /// <exception cref="ArgumentException">A range or the projection is not valid.</exception>
    public LogScan OpenLogScan(LogScanOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_disposed, this);
        options.Validate();
        return new LogScan(this, options, _logger);
    }
}
