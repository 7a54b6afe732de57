using System.Diagnostics;
using System.Text.RegularExpressions;

namespace FlussLake.Embedded.Tests.QuickStart;

/// <summary>The program that a newcomer runs first.</summary>
public sealed class QuickStartTests
{
    [Fact]
    public void The_quick_start_shows_what_comes_from_the_lake_and_what_from_the_log()
    {
        string printed = Run();

        Assert.Matches(@"• started an embedded Fluss on 127\.0\.0\.1:\d+ in \d+ ms", printed);
        Assert.Contains("• tiered 1000 orders into the lake, snapshot 1", printed, StringComparison.Ordinal);
        Assert.Equal(["open 416 20312.00", "paid 417 20329.25", "shipped 417 20346.25"], Rows(printed, "open|paid|shipped"));
        Assert.Equal(["lake 1000 1 1000", "log 250 1001 1250"], Rows(printed, "lake|log"));
    }

    private static string Run()
    {
        DirectoryInfo output = new(AppContext.BaseDirectory);
        string program = Path.Combine(Repository.Root, "examples", "QuickStart", "bin", output.Parent!.Name, output.Name, "QuickStart.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> printed = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(5)))
        {
            process.Kill();
            Assert.Fail($"It had not ended after five minutes. It printed: {printed.Result}");
        }

        Assert.Equal("", errors.Result);
        Assert.Equal(0, process.ExitCode);
        return printed.Result;
    }

    private static List<string> Rows(string printed, string first) =>
        [.. Regex.Matches(printed, $@"^  ({first}) .*$", RegexOptions.Multiline).Select(row => string.Join(' ', row.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))];
}
