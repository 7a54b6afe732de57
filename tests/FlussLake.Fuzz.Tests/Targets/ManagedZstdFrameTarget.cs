using FlussLake.Client.Log.Arrow;

namespace FlussLake.Fuzz.Tests.Targets;

/// <summary>As on platforms where native libzstd does not load.</summary>
public sealed class ManagedZstdFrameTarget() : ZstdFrameTarget(new ManagedZstdFrame());
