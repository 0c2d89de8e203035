using System.Text.RegularExpressions;

namespace QuantumFed.Architecture.Tests;

public sealed partial class SkippableTestTests
{
    [Fact]
    public void A_test_class_that_may_skip_is_listed_in_the_documents() => Assert.Empty(TestClassesThatMaySkip().Except(ListedTestClasses()));

    [Fact]
    public void A_test_class_listed_in_the_documents_may_skip() => Assert.Empty(ListedTestClasses().Except(TestClassesThatMaySkip()));

    private static string[] ListedTestClasses()
    {
        string section = Section().Match(Repository.ReadText("docs/tests.md")).Value;
        return [.. ListRow().Matches(section).Select(match => match.Groups["class"].Value).Order(StringComparer.Ordinal)];
    }

    // A class that skips but has no tests is a guard, and whoever names it may skip too.
    private static string[] TestClassesThatMaySkip()
    {
        List<string> found = [];
        foreach (string project in Repository.TestProjects)
        {
            (string Name, string Text)[] classes =
            [
                .. Repository.Files("tests/" + project, ".cs")
                    .Select(path => (Path.GetFileNameWithoutExtension(path), Comment().Replace(Repository.ReadText(path), ""))),
            ];
            HashSet<string> skipping = [.. classes.Where(c => SkipCall().IsMatch(c.Text)).Select(c => c.Name)];
            Queue<string> guards = new(classes.Where(c => skipping.Contains(c.Name) && !HasTests(c.Text)).Select(c => c.Name));
            while (guards.TryDequeue(out string? guard))
            {
                foreach ((string name, string text) in classes.Where(c => Regex.IsMatch(c.Text, $@"\b{guard}\b")))
                {
                    if (skipping.Add(name) && !HasTests(text))
                    {
                        guards.Enqueue(name);
                    }
                }
            }

            found.AddRange(classes.Where(c => skipping.Contains(c.Name) && HasTests(c.Text)).Select(c => c.Name));
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    private static bool HasTests(string text) => TestAttribute().IsMatch(text);

    [GeneratedRegex(@"\bAssert\.Skip(?:Unless|When)?\(|\bSkip(?:Unless|When)? = ")]
    private static partial Regex SkipCall();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\s*\[(?:Fact|Theory)\b", RegexOptions.Multiline)]
    private static partial Regex TestAttribute();

    [GeneratedRegex(@"^## Tests that may skip.*?(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^\| `(?<class>\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex ListRow();
}
