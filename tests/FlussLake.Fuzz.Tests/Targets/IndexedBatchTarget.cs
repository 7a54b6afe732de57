using FlussLake.Client.Log.Rows;

namespace FlussLake.Fuzz.Tests.Targets;

public sealed class IndexedBatchTarget() : RowBatchTarget(LogFormat.Indexed, "_indexed");
