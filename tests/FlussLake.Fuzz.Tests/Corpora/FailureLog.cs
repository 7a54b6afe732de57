using Microsoft.Extensions.Logging;

namespace FlussLake.Fuzz.Tests.Corpora;

/// <summary>Notes the exceptions that a server logs: what it did not foresee.</summary>
internal sealed class FailureLog : ILoggerFactory, ILogger
{
    private Exception? _failure;

    /// <summary>The first exception since this was last asked, or null.</summary>
    public Exception? Take() => Interlocked.Exchange(ref _failure, null);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
        }
    }
}
