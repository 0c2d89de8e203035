using System.Xml.Linq;

namespace QuantumFed.Architecture.Tests;

public sealed class ProjectReferenceTests
{
    private static readonly ArchitectureDocument Document = ArchitectureDocument.Load();

    public static TheoryData<string> Projects => [.. Repository.SourceProjects];

    [Fact]
    public void The_table_names_exactly_the_projects_of_src() =>
        Assert.Equal(Repository.SourceProjects, Document.Rows.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void The_picture_names_each_project_once() =>
        Assert.Equal(Repository.SourceProjects, Document.Layers.SelectMany(layer => layer).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_what_its_row_says(string project) =>
        Assert.Equal(Document.Rows[project].References, ReferencesOf(project));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_lower_layers(string project)
    {
        int own = LayerOf(project);
        Assert.All(ReferencesOf(project), reference => Assert.True(LayerOf(reference) > own, $"{project} -> {reference} does not point down"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_central_type_exists_in_its_project(string project)
    {
        HashSet<string> files = [.. Repository.Files("src/" + project, ".cs").Select(path => Path.GetFileNameWithoutExtension(path))];
        Assert.All(Document.Rows[project].CentralTypes, type => Assert.Contains(type, files));
    }

    [Fact]
    public void The_solution_holds_every_project()
    {
        string solution = Repository.ReadText("QuantumFed.sln");
        IEnumerable<string> projects = Repository.Files("src", ".csproj").Concat(Repository.Files("tests", ".csproj"));
        Assert.All(projects, path => Assert.Contains('"' + path.Replace('/', '\\') + '"', solution, StringComparison.Ordinal));
    }

    private static string[] ReferencesOf(string project) =>
    [
        .. XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
            .Order(StringComparer.Ordinal),
    ];

    private static int LayerOf(string project) =>
        Enumerable.Range(0, Document.Layers.Count).Single(row => Document.Layers[row].Contains(project));
}
