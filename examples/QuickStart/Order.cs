namespace QuickStart;

/// <summary>A row of the table: properties become columns by their names.</summary>
internal sealed record Order(long OrderId, string Status, decimal Amount, DateTime OrderedAt)
{
    private static readonly string[] s_statuses = ["open", "paid", "shipped"];

    public static IEnumerable<Order> Some(long from, int count) =>
        Enumerable.Range(0, count).Select(i => from + i).Select(id => new Order(id, s_statuses[id % 3], (id % 100) + 0.25m, new DateTime(2026, 1, 1).AddMinutes(id)));
}
