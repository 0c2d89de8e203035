namespace QuantumFed.Protocol.Tests;

/// <summary>What a test cannot do without.</summary>
internal static class Requires
{
    public static void PostQuantum() =>
        Assert.SkipUnless(SigningKey.IsSupported, "needs ML-DSA: OpenSSL 3.5 or newer (LD_LIBRARY_PATH)");

    /// <summary>A file of the folder shared beside the repository, or of the folder QF_SHARED names; skips the test where it is absent.</summary>
    public static byte[] Shared(string name)
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "QuantumFed.sln")))
            root = Path.GetDirectoryName(root);
        string folder = Environment.GetEnvironmentVariable("QF_SHARED") is { Length: > 0 } named ? named : Path.Combine(root!, "..", "shared");
        string path = Path.Combine(folder, name);
        Assert.SkipUnless(File.Exists(path), $"The reference vectors are not here ({path}); QF_SHARED names their folder.");
        return File.ReadAllBytes(path);
    }
}
