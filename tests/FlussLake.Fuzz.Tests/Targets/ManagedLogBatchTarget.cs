using FlussLake.Client.Log.Arrow;
using FlussLake.Fuzz.Tests.Corpora;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>As on platforms where native libzstd does not load.</summary>
public sealed class ManagedLogBatchTarget() : LogBatchTarget(static () => new ManagedZstdFrame())
{
    protected override IReadOnlyList<byte[]> Corpus { get; } = ClientFixtures.Batches("zstd");
}
