namespace QuantumFed.Lattice.Tests;

/// <summary>The kernel widths that run here.</summary>
internal static class Paths
{
    internal static IReadOnlyList<KernelPath> Supported { get; } = [.. Enum.GetValues<KernelPath>().Where(KernelPaths.IsSupported)];
}
