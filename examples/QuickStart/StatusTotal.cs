namespace QuickStart;

internal sealed record StatusTotal(string Status, long Orders, decimal Amount);
