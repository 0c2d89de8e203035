using System.Runtime.CompilerServices;

namespace QuantumFed.Lattice;

/// <summary>How methods that hold a kernel's loop are compiled.</summary>
internal static class KernelMethod
{
    /// <summary>At once with all optimisations, and apart from their callers.</summary>
    /// <remarks>A program that encrypts once would otherwise spend most of its time in code made for the first thirty calls. A pass within its caller
    /// would let the caller exceed what the JIT inlines, and leave butterflies as calls: ten times slower.</remarks>
    internal const MethodImplOptions Options = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;
}
