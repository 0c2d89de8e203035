using System.Text.RegularExpressions;

namespace QuantumFed.Architecture.Tests;

public sealed partial class DocumentLinkTests
{
    [Fact]
    public void A_relative_link_points_at_something_that_exists()
    {
        List<string> dangling = [];
        foreach (string document in Repository.Files("", ".md"))
        {
            string folder = Path.Combine(Repository.Root, Path.GetDirectoryName(document)!);
            foreach (Match link in Link().Matches(CodeBlock().Replace(Repository.ReadText(document), "")))
            {
                string target = Uri.UnescapeDataString(link.Groups["target"].Value.Split('#')[0]);
                if (target.Length > 0 && !Scheme().IsMatch(target) && !Path.Exists(Path.Combine(folder, target)))
                {
                    dangling.Add($"{document} -> {target}");
                }
            }
        }

        Assert.Empty(dangling);
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^[a-z][a-z+.-]*:")]
    private static partial Regex Scheme();
}
