using System.Data;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using FlussLake.Data.Execution;

namespace FlussLake.Data;

/// <summary>
/// A DuckDB transaction. DuckDB isolates by snapshot, and so do the tables of Fluss inside it: one statement's view of a table holds until the transaction ends.
/// </summary>
/// <remarks>Disposing a transaction that is neither committed nor rolled back rolls it back, and so does closing its connection.</remarks>
public sealed class FlussLakeTransaction : DuckDBTransaction
{
    private readonly FlussLakeConnection _connection;

    internal FlussLakeTransaction(FlussLakeConnection connection, IsolationLevel isolationLevel)
        : base(connection, isolationLevel) => _connection = connection;

    /// <summary>The connection that the transaction belongs to.</summary>
    public new FlussLakeConnection Connection => _connection;

    /// <inheritdoc/>
    public override void Commit() => Finish(base.Commit);

    /// <inheritdoc/>
    public override void Rollback() => Finish(base.Rollback);

    /// <inheritdoc/>
    public override Task CommitAsync(CancellationToken cancellationToken = default) => Run(Commit, cancellationToken);

    /// <inheritdoc/>
    public override Task RollbackAsync(CancellationToken cancellationToken = default) => Run(Rollback, cancellationToken);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _connection.TransactionEnded(this);
        }
    }

    private void Finish(Action finish)
    {
        try
        {
            finish();
        }
        catch (DuckDBException exception) when (exception.ErrorType == DuckDBErrorType.Transaction)
        {
            // DuckDB has rolled it back.
            _connection.TransactionEnded(this);
            throw;
        }

        _connection.TransactionEnded(this);
    }

    private static Task<bool> Run(Action work, CancellationToken cancellationToken) => ExecutionThreads.Run(
        () =>
        {
            work();
            return true;
        },
        TimeSpan.Zero,
        cancellationToken);
}
