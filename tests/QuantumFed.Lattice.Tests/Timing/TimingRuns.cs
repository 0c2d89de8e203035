namespace QuantumFed.Lattice.Tests;

/// <summary>Tests that measure time run while no other test of the suite does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TimingRuns
{
    internal const string Name = "Timing";
}
