namespace FlussLake.Benchmarks.Contenders;

/// <summary>What one run of a contender took.</summary>
/// <param name="Seconds">What the contender measured itself, from the statement to its result.</param>
/// <param name="ClientCpu">The contender's CPU seconds.</param>
/// <param name="ServerCpu">The tablet server's CPU seconds meanwhile.</param>
/// <param name="PeakBytes">The contender's peak of resident memory.</param>
/// <param name="AllocatedBytes">The managed bytes that were allocated, where the contender tells them.</param>
/// <param name="Rows">How many rows it read, where that is all it tells.</param>
/// <param name="Result">The values of the result as text, where it gives one.</param>
internal sealed record Run(double Seconds, double ClientCpu, double ServerCpu, long PeakBytes, long AllocatedBytes, long? Rows, string? Result);
