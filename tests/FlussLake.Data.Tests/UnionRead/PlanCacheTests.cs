using FlussLake.Client.Metadata;
using FlussLake.Data.Sessions;
using FlussLake.Data.UnionRead;

namespace FlussLake.Data.Tests.UnionRead;

public sealed class PlanCacheTests : IDisposable
{
    private static readonly TableReference s_orders = TableReference.Parse("orders", null, null, "shop");
    private readonly Session _session = new(new SessionSettings());
    private readonly PlanCache _cache = new();
    private int _planned;

    [Fact]
    public void All_references_of_one_transaction_share_a_plan()
    {
        using StatementScope statement = new();

        Assert.Same(Plan(7, statement), Plan(7, statement));
        Assert.Equal(1, _planned);
    }

    [Fact]
    public void The_execute_pass_takes_over_what_the_prepare_pass_planned()
    {
        using StatementScope statement = new();

        UnionReadPlan prepared = Plan(7, statement);

        Assert.Same(prepared, Plan(8, statement));

        // DuckDB makes several statements of a PIVOT.
        Assert.Same(prepared, Plan(9, statement));
    }

    [Fact]
    public void Each_pass_plans_afresh_where_a_command_has_several_statements()
    {
        using StatementScope command = new(isSingle: false);

        Assert.NotSame(Plan(7, command), Plan(8, command));
    }

    [Fact]
    public void Another_statement_in_autocommit_plans_afresh()
    {
        using StatementScope first = new();
        using StatementScope second = new();
        UnionReadPlan plan = Plan(7, first);

        Assert.NotSame(plan, Plan(8, second));
    }

    [Fact]
    public void Statements_of_an_explicit_transaction_share_a_plan()
    {
        UnionReadPlan first;
        using (StatementScope statement = new())
        {
            first = Plan(7, statement);
            _cache.EndStatement(statement);
        }

        using StatementScope next = new();
        Assert.Same(first, Plan(7, next));
    }

    [Fact]
    public void A_statement_in_autocommit_leaves_no_plan_behind()
    {
        using StatementScope statement = new();
        UnionReadPlan plan = Plan(7, statement);
        Plan(8, statement);
        Assert.True(PlanRegistry.TryFind(plan.Id, out _));

        _cache.EndStatement(statement);

        Assert.False(PlanRegistry.TryFind(plan.Id, out _));
    }

    [Fact]
    public void A_closed_session_leaves_no_plan_behind()
    {
        using StatementScope statement = new();
        UnionReadPlan plan = Plan(7, statement);

        _cache.Dispose();

        Assert.False(PlanRegistry.TryFind(plan.Id, out _));
    }

    public void Dispose()
    {
        _cache.Dispose();
        _session.Dispose();
    }

    private UnionReadPlan Plan(ulong transaction, StatementScope statement) => _cache.GetOrAdd(transaction, statement, s_orders, () =>
    {
        _planned++;
        return Plans.Of(_session, new FlussColumn("id", new FlussType(FlussTypeKind.BigInt), 0));
    });
}
