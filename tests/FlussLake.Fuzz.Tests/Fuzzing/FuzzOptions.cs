using System.Globalization;

namespace FlussLake.Fuzz.Tests.Fuzzing;

/// <summary>How much is run, from the environment.</summary>
internal static class FuzzOptions
{
    /// <summary>The inputs of each decoder.</summary>
    public static long Inputs { get; } = Number("FLUSSLAKE_FUZZ_INPUTS") ?? 100_000;

    public static ulong Seed { get; } = (ulong)(Number("FLUSSLAKE_FUZZ_SEED") ?? 1);

    /// <summary>The one input to run, to see again what failed.</summary>
    public static long? Index { get; } = Number("FLUSSLAKE_FUZZ_INDEX");

    private static long? Number(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? long.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture) : null;
}
