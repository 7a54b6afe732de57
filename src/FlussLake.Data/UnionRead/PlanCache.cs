using FlussLake.Client;
using FlussLake.Data.Sessions;

namespace FlussLake.Data.UnionRead;

/// <summary>
/// The plans of one session's latest transaction. All references to a table inside a statement share one plan, and so do all statements of an explicit transaction, because
/// DuckDB gives them one transaction id. In autocommit DuckDB binds a statement twice, under two ids (to prepare it, then to execute it): the second pass takes over the plans of
/// the first, and so do the statements that DuckDB makes of one PIVOT. Where a command has several statements, passes cannot be told from statements, and each plans afresh.
/// </summary>
internal sealed class PlanCache : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TableReference, UnionReadPlan> _plans = [];
    private ulong? _transaction;
    private StatementScope? _owner;
    private bool _isAutocommit;
    private ReadCounts[] _counts = [];

    /// <summary>What the plans of the latest transaction offered and what was read of it, one for each capture; also when the plans are gone.</summary>
    public IReadOnlyList<ReadCounts> Counts
    {
        get
        {
            lock (_gate)
            {
                return _plans.Count > 0 ? [.. CountsLocked()] : _counts;
            }
        }
    }

    /// <summary>Returns the transaction's plan for a reference, making it where there is none yet. Planning happens outside the lock: a session binds on one thread at a time.</summary>
    public UnionReadPlan GetOrAdd(ulong transaction, StatementScope? statement, TableReference reference, Func<UnionReadPlan> make)
    {
        lock (_gate)
        {
            Enter(transaction, statement);
            if (_plans.TryGetValue(reference, out UnionReadPlan? known))
            {
                return known;
            }
        }

        UnionReadPlan plan = make();
        lock (_gate)
        {
            if (_transaction == transaction)
            {
                _plans[reference] = plan;
                PlanRegistry.Add(plan);
            }
        }

        return plan;
    }

    /// <summary>
    /// Forgets the plans of a statement that ran in autocommit, which two ids for one statement prove. The plans of an explicit transaction stay for its next statement,
    /// at most until the next transaction.
    /// </summary>
    public void EndStatement(StatementScope statement)
    {
        lock (_gate)
        {
            if (ReferenceEquals(statement, _owner))
            {
                _owner = null;
                if (_isAutocommit)
                {
                    Clear();
                    _transaction = null;
                }
            }
        }
    }

    /// <summary>The first planned lake file that an error of DuckDB's names and that is no longer there, or null.</summary>
    public (TablePath Table, string File)? FindMissingLakeFile(string error)
    {
        foreach (UnionReadPlan plan in Current())
        {
            if (plan.Lake?.Files.FirstOrDefault(file => error.Contains(file.Path, StringComparison.Ordinal) && !File.Exists(file.Path)) is { } gone)
            {
                return (plan.Table.Path, gone.Path);
            }
        }

        return null;
    }

    /// <summary>The problem of a planned column that an error of DuckDB's tells, or null.</summary>
    public string? FindColumnProblem(string error)
    {
        return Current().SelectMany(plan => plan.Table.Schema.Columns.Select(column => UnionReadSql.Problem(plan, column)))
            .FirstOrDefault(problem => problem is not null && error.Contains(problem, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Clear();
            _transaction = null;
        }
    }

    private void Enter(ulong transaction, StatementScope? statement)
    {
        if (_transaction == transaction)
        {
            return;
        }

        bool samePlans = statement is { IsSingle: true } && ReferenceEquals(statement, _owner);
        if (!samePlans)
        {
            Clear();
        }

        _transaction = transaction;
        _owner = statement;
        _isAutocommit = samePlans;
    }

    private UnionReadPlan[] Current()
    {
        lock (_gate)
        {
            return [.. _plans.Values];
        }
    }

    private IEnumerable<ReadCounts> CountsLocked() => _plans.Values.Select(plan => plan.Counts).Distinct();

    private void Clear()
    {
        if (_plans.Count > 0)
        {
            _counts = [.. CountsLocked()];
        }

        foreach (UnionReadPlan plan in _plans.Values)
        {
            PlanRegistry.Remove(plan);
        }

        _plans.Clear();
    }
}
