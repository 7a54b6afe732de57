namespace FlussLake.Lake.Paimon;

/// <summary>One partition: where its files lie and what its values are.</summary>
/// <param name="Folder">The folder below the data folder, such as <c>region=eu/day=2026-01-01</c>; empty without partition keys.</param>
/// <param name="Values">The values as text, null for NULL.</param>
internal sealed record PaimonPartition(string Folder, IReadOnlyList<string?> Values);
