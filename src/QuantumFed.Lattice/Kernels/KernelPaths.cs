using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace QuantumFed.Lattice;

/// <summary>Which kernel widths this processor (and the runtime's DOTNET_... settings) offers.</summary>
internal static class KernelPaths
{
    /// <summary>The widest path offered here.</summary>
    internal static KernelPath Widest { get; } =
        IsSupported(KernelPath.Vector512) ? KernelPath.Vector512
        : IsSupported(KernelPath.Vector256) ? KernelPath.Vector256
        : IsSupported(KernelPath.Vector128) ? KernelPath.Vector128
        : KernelPath.Scalar;

    /// <summary>Whether <paramref name="path"/> runs on real vector registers here.</summary>
    /// <remarks>A vector of doubles without hardware fused multiply-add would call the C library per element: slower than the scalar path.</remarks>
    internal static bool IsSupported(KernelPath path) => path switch
    {
        KernelPath.Scalar => true,
        KernelPath.Vector128 => Vector128.IsHardwareAccelerated && (AdvSimd.Arm64.IsSupported || Fma.IsSupported),
        KernelPath.Vector256 => Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported,
        KernelPath.Vector512 => Vector512.IsHardwareAccelerated && Avx512F.IsSupported,
        _ => false,
    };
}
