namespace FlussLake.Data.Execution;

/// <summary>Something that <see cref="Deadlines"/> does at a given time, unless it is disposed before.</summary>
internal sealed class Deadline(long due, long id, Action action) : IDisposable
{
    public long Due { get; } = due;

    public long Id { get; } = id;

    public Action Action { get; } = action;

    public void Dispose() => Deadlines.Remove(this);
}
