using Microsoft.Data.Sqlite;

namespace FlussLake.Embedded.State;

/// <summary>A change of the state. All three methods run on the writer's thread.</summary>
internal interface IStateWork
{
    /// <summary>Whether the change gets a transaction of its own; others share one with what waits at the same time.</summary>
    bool IsAlone { get; }

    /// <summary>Makes the change inside the open transaction. An exception rolls the transaction back.</summary>
    void Apply(SqliteConnection connection);

    /// <summary>The change is committed: it survives the end of the process.</summary>
    void Committed();

    /// <summary>The transaction was rolled back.</summary>
    void Failed(Exception exception);
}
