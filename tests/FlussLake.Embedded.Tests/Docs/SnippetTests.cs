using System.Text.RegularExpressions;

namespace FlussLake.Embedded.Tests.Docs;

/// <summary>The C# of the README and of the pages in <c>docs</c> is compiled: each block stands, as it is, in a region of a source of the tests.</summary>
public sealed partial class SnippetTests
{
    public static TheoryData<string> Pages =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(page => Path.GetRelativePath(Repository.Root, page)).Append("README.md").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_block_of_code_is_compiled_as_it_stands(string page)
    {
        HashSet<string> compiled = [.. Directory.GetFiles(Path.Combine(Repository.Root, "tests"), "*Snippet*.cs", SearchOption.AllDirectories)
            .SelectMany(source => Region().Matches(File.ReadAllText(source)).Select(region => Plain(region.Groups[1].Value)))];

        foreach (Match block in Block().Matches(Repository.Read(page)))
        {
            Assert.True(compiled.Contains(Plain(block.Groups[1].Value)), $"This code of {page} stands in no region of a source of the tests:\n{block.Groups[1].Value}");
        }
    }

    // Indentation is the source's own.
    private static string Plain(string code) => string.Join('\n', code.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex("```csharp\r?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"#region [^\n]*\n(.*?)\n[ ]*#endregion", RegexOptions.Singleline)]
    private static partial Regex Region();
}
