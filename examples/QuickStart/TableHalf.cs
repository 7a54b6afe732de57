namespace QuickStart;

/// <summary>What one half of the table holds.</summary>
internal sealed record TableHalf(string Half, long Orders, long? First, long? Last);
