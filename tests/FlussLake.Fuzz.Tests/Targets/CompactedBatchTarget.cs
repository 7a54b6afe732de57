using FlussLake.Client.Log.Rows;

namespace FlussLake.Fuzz.Tests.Targets;

public sealed class CompactedBatchTarget() : RowBatchTarget(LogFormat.Compacted, "_compacted");
