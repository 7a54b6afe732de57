namespace QuickStart;

/// <summary>What one half of the table holds.</summary>
internal sealed record Half(string Name, long Orders, long? First, long? Last);
