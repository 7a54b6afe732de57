using FlussLake.Cluster.Tests.Kit;

namespace FlussLake.Cluster.Tests;

/// <summary>The README's code, without a cluster.</summary>
public sealed class ReadmeTextTests
{
    [Fact]
    public void The_code_of_the_README_is_what_is_compiled_here()
    {
        string source = File.ReadAllText(Path.Combine(KitLocation.RepositoryRoot()!, "tests", "FlussLake.Cluster.Tests", "ReadmeSnippet.cs"));

        Assert.Equal(ReadmeCode(), Between(source, "#region README" + Environment.NewLine, "        #endregion").Replace("        ", string.Empty, StringComparison.Ordinal));
        Assert.Contains("`record Total(string Status, long Orders, decimal Amount);`", Readme(), StringComparison.Ordinal);
        Assert.Contains("record Total(string Status, long Orders, decimal Amount);", source, StringComparison.Ordinal);
    }

    internal static string ReadmeCode() => Between(Readme(), "```csharp\n", "```");

    private static string Readme() => File.ReadAllText(Path.Combine(KitLocation.RepositoryRoot()!, "README.md"));

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }
}
