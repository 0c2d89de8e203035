using System.Text.RegularExpressions;

namespace QuantumFed.Architecture.Tests;

public sealed partial class SourceFileTests
{
    private const int MostLines = 400;

    // Files that declare no type because their name already says what they hold.
    private static readonly string[] FilesWithoutType = ["Program", "AssemblyInfo", "GlobalUsings"];

    public static TheoryData<string> Projects => [.. Repository.SourceProjects];

    public static TheoryData<string> AllProjects => [.. Repository.SourceProjects, .. Repository.TestProjects];

    // The rules of a round and the cryptography replay the same everywhere, because nothing in them reads the outside world.
    public static TheoryData<string> PureProjects => ["QuantumFed.Lattice", "QuantumFed.Qkd", "QuantumFed.Federation"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_file_declares_the_one_type_it_is_named_for(string project) =>
        Assert.All(Repository.Files("src/" + project, ".cs"), path =>
        {
            string name = Path.GetFileNameWithoutExtension(path).Split('.')[0];
            string[] types = [.. TopLevelType().Matches(Repository.ReadText(path)).Select(match => match.Groups["name"].Value).Distinct()];
            if (types.Length > 0 || !FilesWithoutType.Contains(name))
            {
                Assert.True(types is [string only] && only == name, $"{path} declares: {string.Join(", ", types)}");
            }
        });

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_file_can_be_read_in_one_sitting(string project) =>
        Assert.All(Repository.Files("src/" + project, ".cs"), path =>
        {
            int lines = Repository.ReadText(path).AsSpan().Count('\n');
            Assert.True(lines <= MostLines, $"{path} has {lines} lines, at most {MostLines} are wanted");
        });

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void A_namespace_is_its_projects_name(string project)
    {
        string folder = (Repository.TestProjects.Contains(project) ? "tests/" : "src/") + project;
        Assert.All(Repository.Files(folder, ".cs"), path =>
            Assert.All(Namespace().Matches(Repository.ReadText(path)), match => Assert.Equal(project, match.Groups["name"].Value)));
    }

    [Theory]
    [MemberData(nameof(PureProjects))]
    public void A_pure_project_has_no_input_output_or_logging(string project)
    {
        string projectFile = Repository.ReadText($"src/{project}/{project}.csproj");
        Assert.DoesNotContain("FrameworkReference", projectFile, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.Extensions", projectFile, StringComparison.Ordinal);
        Assert.All(Repository.Files("src/" + project, ".cs"), path =>
        {
            Match found = OutsideWorld().Match(Comment().Replace(Repository.ReadText(path), ""));
            Assert.False(found.Success, $"{path} uses {found.Value}");
        });
    }

    // File-scoped namespaces put top-level types at the start of a line; file-local types belong to their file's type.
    [GeneratedRegex(@"^(?:(?:public|internal|static|sealed|abstract|readonly|partial|unsafe|ref) )*(?:class|struct|interface|enum|record struct|record class|record|delegate [\w<>\[\], ?]+?) (?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(System\.IO|System\.Net|Microsoft\.Extensions|ILogger|Console|(?<!\.)File(?=\.)|Directory(?=\.)|FileStream|HttpClient|Socket|Environment(?=\.)(?!\.ProcessorCount)|Process(?=\.))\b")]
    private static partial Regex OutsideWorld();
}
