namespace QuantumFed.Protocol.Tests;

/// <summary>What a test cannot do without.</summary>
internal static class Requires
{
    public static void PostQuantum() =>
        Assert.SkipUnless(SigningKey.IsSupported, "needs ML-DSA: OpenSSL 3.5 or newer (LD_LIBRARY_PATH)");
}
