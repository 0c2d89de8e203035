using System.Security.Cryptography;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>What a test cannot do without.</summary>
internal static class Requires
{
    public static void PostQuantum() =>
        Assert.SkipUnless(SigningKey.IsSupported && MLKem.IsSupported, "needs ML-DSA and ML-KEM: OpenSSL 3.5 or newer (LD_LIBRARY_PATH)");
}
