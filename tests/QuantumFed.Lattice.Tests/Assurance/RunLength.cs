using System.Globalization;
using System.Security.Cryptography;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

/// <summary>Whether this run is the long one (`./qf test --long`), and where its randomness comes from.</summary>
/// <remarks>A normal run is the same every time. A long one draws a new seed, which every failure prints and <c>QF_TEST_SEED</c> repeats.</remarks>
internal static class RunLength
{
    internal static bool IsLong { get; } = Environment.GetEnvironmentVariable("QF_TEST_LONG") == "1";

    internal static ulong Seed { get; } =
        ulong.TryParse(Environment.GetEnvironmentVariable("QF_TEST_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed
        : IsLong ? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)))
        : 1;

    /// <summary>The seed as every failure prints it.</summary>
    internal static string SeedText => string.Create(CultureInfo.InvariantCulture, $"QF_TEST_SEED={Seed}");

    internal static int Choose(int normal, int inLong) => IsLong ? inLong : normal;

    /// <summary>The randomness of one test in this run.</summary>
    internal static RandomStream Stream(string domain) => RandomStream.FromSeed(BitConverter.GetBytes(Seed), domain);
}
