using QuantumFed.Transport;

namespace QuantumFed.KeyManagement.Tests;

/// <summary>What a test cannot do without.</summary>
internal static class Requires
{
    public static void PostQuantum() =>
        Assert.SkipUnless(OpenSslVersion.HasPostQuantum, $"needs OpenSSL 3.5 or newer (LD_LIBRARY_PATH); this process loaded {OpenSslVersion.Loaded}");
}
