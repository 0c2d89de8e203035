using System.Runtime.CompilerServices;

namespace QuantumFed.System.Tests;

/// <summary>The checkout these tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    /// <summary>Whether a python3 is in PATH.</summary>
    public static bool HasPython { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "python3")));

    public static string Launcher => Path.Combine(Root, "qf");

    private static string Find([CallerFilePath] string thisFile = "")
    {
        foreach (string start in (string[])[Path.GetDirectoryName(thisFile) ?? "", AppContext.BaseDirectory])
        {
            for (string? folder = start; !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "QuantumFed.sln")))
                    return folder;
            }
        }
        throw new DirectoryNotFoundException("QuantumFed.sln is in none of the folders above the tests.");
    }
}
