using System.Data;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using FlussLake.Data.Execution;

namespace FlussLake.Data;

/// <summary>
/// A DuckDB transaction. DuckDB isolates by snapshot, and so do the tables of Fluss inside it: one statement's view of a table holds until the transaction ends.
/// </summary>
/// <remarks>
/// <para>A statement that fails, also one whose planning fails, or that is stopped aborts the transaction: later statements are refused, and all that is left is to roll
/// it back.</para>
/// <para>Disposing a transaction that is neither committed nor rolled back rolls it back, and so does closing its connection.</para>
/// </remarks>
public sealed class FlussLakeTransaction : DuckDBTransaction
{
    private readonly FlussLakeConnection _connection;

    internal FlussLakeTransaction(FlussLakeConnection connection, IsolationLevel isolationLevel)
        : base(connection, isolationLevel) => _connection = connection;

    /// <summary>The connection that the transaction belongs to.</summary>
    public new FlussLakeConnection Connection => _connection;

    /// <summary>Commits the transaction.</summary>
    /// <exception cref="FlussLakeException">An earlier error has aborted the transaction. Nothing of it is committed; it is rolled back.</exception>
    /// <exception cref="DuckDBException">DuckDB cannot commit it, because another transaction has changed the same rows for instance; it is rolled back.</exception>
    public override void Commit() => Finish(CommitWhole);

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

    private void CommitWhole()
    {
        if (_connection.State == ConnectionState.Open && IsAborted())
        {
            // DuckDB's own COMMIT would roll back, and succeed.
            Rollback();
            throw new FlussLakeException(Messages.TransactionAborted);
        }

        base.Commit();
    }

    // An aborted transaction takes no statement, and nothing else tells.
    private bool IsAborted()
    {
        DuckDBState state = NativeMethods.Query.DuckDBQuery(_connection.NativeConnection, "SELECT 1", out DuckDBResult result);
        NativeMethods.Query.DuckDBDestroyResult(ref result);
        return state != DuckDBState.Success;
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
