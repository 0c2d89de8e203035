namespace QuantumFed.Lattice.Tests;

/// <summary>The guard of tests that take long, or whose result depends on the machine's moods.</summary>
internal static class LongTest
{
    internal static void Require() => Assert.SkipUnless(RunLength.IsLong, "This takes long: `./qf test --long` runs it.");
}
