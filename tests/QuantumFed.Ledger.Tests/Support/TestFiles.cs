using System.Text.Json;

namespace QuantumFed.Ledger.Tests;

/// <summary>Where the repository and the shared reference vectors are.</summary>
internal static class TestFiles
{
    public static string RepositoryRoot { get; } = FindRoot();

    public static string SharedFolder { get; } =
        Environment.GetEnvironmentVariable("QF_SHARED") is { Length: > 0 } named ? named : Path.Combine(Path.GetDirectoryName(RepositoryRoot)!, "shared");

    /// <summary>A file of shared/vectors/ethereum; skips the test where shared is absent.</summary>
    public static JsonElement Shared(string name)
    {
        string path = Path.Combine(SharedFolder, "vectors", "ethereum", name);
        Assert.SkipUnless(File.Exists(path), $"The reference vectors are not here ({path}); QF_SHARED names their folder.");
        return Read(path);
    }

    /// <summary>A file of this project's Vectors.</summary>
    public static JsonElement Vectors(string name) =>
        Read(Path.Combine(RepositoryRoot, "tests", "QuantumFed.Ledger.Tests", "Vectors", name));

    public static byte[] Hex(string? text) => Convert.FromHexString(text!.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text);

    public static byte[] Hex(JsonElement element) => Hex(element.GetString());

    private static JsonElement Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "QuantumFed.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
