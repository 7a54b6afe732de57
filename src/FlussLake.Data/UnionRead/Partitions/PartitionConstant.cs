namespace FlussLake.Data.UnionRead.Partitions;

/// <summary>The one value that a partition key has in all rows of an arm.</summary>
/// <param name="Position">The column's position in the table's schema.</param>
/// <param name="Text">
/// The value, or null for NULL: texts as they are, whole numbers in decimal, <c>true</c> and <c>false</c>, bytes as lower-case hex, <c>yyyy-MM-dd HH:mm:ss.fffffffff</c> and its parts for
/// dates and times, in UTC and without zeros at the fraction's end. The text is the same wherever the value comes from.
/// </param>
internal readonly record struct PartitionConstant(int Position, string? Text);
