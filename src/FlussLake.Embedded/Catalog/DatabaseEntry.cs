namespace FlussLake.Embedded.Catalog;

/// <summary>A database.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Json">What its creator gave it, as it goes over the wire.</param>
/// <param name="CreatedTime">When it was created, in milliseconds since the epoch.</param>
/// <param name="ModifiedTime">When it was last changed.</param>
internal sealed record DatabaseEntry(string Name, byte[] Json, long CreatedTime, long ModifiedTime);
