namespace QuantumFed.Lattice;

/// <summary>The width at which the kernels run, narrowest first. All widths give the same residues.</summary>
internal enum KernelPath
{
    /// <summary>One element at a time; runs everywhere.</summary>
    Scalar,

    /// <summary>Two 64-bit lanes: Advanced SIMD on ARM64, or 128-bit registers with fused multiply-add on x86.</summary>
    Vector128,

    /// <summary>Four 64-bit lanes: AVX2 with fused multiply-add.</summary>
    Vector256,

    /// <summary>Eight 64-bit lanes: AVX-512.</summary>
    Vector512,
}
