using System.Globalization;

namespace FlussLake.Benchmarks;

/// <summary>What a command line asks for.</summary>
/// <param name="Rows">The rows of the tables that are read, or null for the benchmark's own number.</param>
/// <param name="Runs">How many runs count.</param>
/// <param name="Keep">A folder in which the cluster's data stay for the next time, or null.</param>
internal sealed record BenchmarkOptions(long? Rows, int? Runs, string? Keep)
{
    /// <summary>Reads the options, or gives null where they are not valid.</summary>
    public static BenchmarkOptions? Parse(ReadOnlySpan<string> arguments)
    {
        BenchmarkOptions options = new(null, null, null);
        for (; arguments.Length >= 2; arguments = arguments[2..])
        {
            switch (arguments[0])
            {
                case "--rows" when long.TryParse(arguments[1], CultureInfo.InvariantCulture, out long rows) && rows > 0:
                    options = options with { Rows = rows };
                    break;
                case "--runs" when int.TryParse(arguments[1], CultureInfo.InvariantCulture, out int runs) && runs > 0:
                    options = options with { Runs = runs };
                    break;
                case "--keep":
                    options = options with { Keep = arguments[1] };
                    break;
                default:
                    return null;
            }
        }

        return arguments.Length == 0 ? options : null;
    }
}
