namespace QuantumFed.Lattice.Tests;

/// <summary>The files beside this one: bytes that this version writes and reads, and every later one must read.</summary>
internal static class GoldenFile
{
    internal static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", name));

    /// <summary>Expects a file's bytes. With QF_GOLDEN=FOLDER they are written there first: how the file of a new version is made.</summary>
    internal static void Equal(string name, ReadOnlySpan<byte> bytes)
    {
        if (Environment.GetEnvironmentVariable("QF_GOLDEN") is { Length: > 0 } folder)
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        byte[] golden = Read(name);
        Assert.True(golden.AsSpan().SequenceEqual(bytes),
            $"{name}: {golden.Length} golden bytes, {bytes.Length} written ones, which differ from {golden.AsSpan().CommonPrefixLength(bytes)} on");
    }
}
