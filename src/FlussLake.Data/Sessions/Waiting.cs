namespace FlussLake.Data.Sessions;

/// <summary>Says, while it lives, what a statement waits for.</summary>
internal readonly struct Waiting : IDisposable
{
    private readonly StatementScope? _statement;

    public Waiting(StatementScope? statement, Func<string> what)
    {
        _statement = statement;
        if (statement is not null)
        {
            statement.WaitsFor = what;
        }
    }

    public void Dispose()
    {
        if (_statement is not null)
        {
            _statement.WaitsFor = null;
        }
    }
}
