namespace FlussLake.Lake.Paimon;

/// <summary>An entry of a manifest: a data file that a commit added or deleted.</summary>
internal sealed class PaimonManifestEntry
{
    internal required bool IsAdd { get; init; }

    internal required byte[] Partition { get; init; }

    internal required int Bucket { get; init; }

    internal required string FileName { get; init; }

    internal required long FileSize { get; init; }

    internal required long RowCount { get; init; }

    internal required long MinSequenceNumber { get; init; }

    /// <summary>Null where the writer did not say.</summary>
    internal long? MaxSequenceNumber { get; init; }

    internal required long SchemaId { get; init; }

    internal required int Level { get; init; }

    internal required string[] ExtraFiles { get; init; }

    internal byte[]? EmbeddedIndex { get; init; }

    internal string? ExternalPath { get; init; }

    /// <summary>The rows that take others back; 0 where the writer did not say.</summary>
    internal long DeleteRowCount { get; init; }

    /// <summary>Whether the file holds only some of its schema's columns.</summary>
    internal bool HasWriteColumns { get; init; }

    /// <summary>About how many bytes the entry takes in memory.</summary>
    internal long MemorySize =>
        200 + (2L * (FileName.Length + (ExternalPath?.Length ?? 0))) + (EmbeddedIndex?.Length ?? 0) + ExtraFiles.Sum(name => 32L + (2L * name.Length));
}
