using System.Runtime.CompilerServices;

namespace QuantumFed.Architecture.Tests;

/// <summary>The checkout these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] GeneratedFolders = ["bin", "obj", "node_modules", ".tools", ".git", "artifacts", "quantumfed-demo"];

    public static string Root { get; } = FindRoot();

    /// <summary>Names of the projects in src, e.g. QuantumFed.Lattice.</summary>
    public static IReadOnlyList<string> SourceProjects { get; } = ProjectsIn("src");

    public static IReadOnlyList<string> TestProjects { get; } = ProjectsIn("tests");

    public static string ReadText(string relativePath) => File.ReadAllText(Path.Combine(Root, relativePath));

    /// <summary>Paths, relative to the root, of the files under a folder that people wrote.</summary>
    public static IReadOnlyList<string> Files(string folder, string extension)
    {
        List<string> found = [];
        Collect(Path.Combine(Root, folder));
        found.Sort(StringComparer.Ordinal);
        return found;

        void Collect(string path)
        {
            foreach (string file in Directory.EnumerateFiles(path, "*" + extension))
            {
                found.Add(Path.GetRelativePath(Root, file));
            }

            foreach (string child in Directory.EnumerateDirectories(path).Where(child => !GeneratedFolders.Contains(Path.GetFileName(child))))
            {
                Collect(child);
            }
        }
    }

    private static string[] ProjectsIn(string folder) =>
        [.. Files(folder, ".csproj").Select(path => Path.GetFileNameWithoutExtension(path))];

    // By this file's own path, so that the tests read the checkout they were compiled in; from the output folder if it moved.
    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        foreach (string start in (string[])[Path.GetDirectoryName(thisFile) ?? "", AppContext.BaseDirectory])
        {
            for (string? folder = start; !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "QuantumFed.sln")))
                {
                    return folder;
                }
            }
        }

        throw new DirectoryNotFoundException("QuantumFed.sln is in none of the folders above the tests.");
    }
}
