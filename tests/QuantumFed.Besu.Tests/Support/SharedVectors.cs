namespace QuantumFed.Besu.Tests;

/// <summary>Besu's own files, in shared/vectors beside the repository.</summary>
internal static class SharedVectors
{
    public const string Permissioning = "ethereum/permissioning/src/test/resources/";
    public const string Application = "app/src/test/resources/";
    public const string Acceptance = "acceptance-tests/tests/src/acceptanceTest/resources/qbft/";

    private static string SharedFolder { get; } =
        Environment.GetEnvironmentVariable("QF_SHARED") is { Length: > 0 } named ? named : Path.Combine(Path.GetDirectoryName(RepositoryRoot())!, "shared");

    /// <summary>A file of shared/vectors/ethereum/besu; skips the test where it is absent.</summary>
    public static string Read(string name)
    {
        string path = Path.Combine(SharedFolder, "vectors", "ethereum", "besu", name);
        Assert.SkipUnless(File.Exists(path), $"Besu's file is not here ({path}); QF_SHARED names the folder shared.");
        return File.ReadAllText(path);
    }

    public static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "QuantumFed.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
