namespace QuantumFed.Transport.Tests;

/// <summary>What a test cannot do without.</summary>
internal static class Requires
{
    public static void PostQuantum() =>
        Assert.SkipUnless(OpenSslVersion.HasPostQuantum, $"needs OpenSSL 3.5 or newer (LD_LIBRARY_PATH); this process loaded {OpenSslVersion.Loaded}");

    /// <summary>The openssl program of the version under test.</summary>
    public static string OpenSslProgram()
    {
        PostQuantum();
        IEnumerable<string> candidates = (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "..", "bin", "openssl"));
        if (Environment.GetEnvironmentVariable("QF_OPENSSL") is { Length: > 0 } root)
            candidates = candidates.Prepend(Path.Combine(root, "bin", "openssl"));
        string? found = candidates.FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, "needs the openssl program, version 3.5 or newer, in $QF_OPENSSL/bin or beside the folder LD_LIBRARY_PATH names");
        return found;
    }
}
