namespace FlussLake.Client.Log.Arrow;

/// <summary>What a record batch says of one column or nested field.</summary>
/// <param name="Length">The number of slots.</param>
/// <param name="NullCount">The number of slots that are null.</param>
internal readonly record struct FieldNode(long Length, long NullCount);
