using System.Runtime.Intrinsics;

namespace QuantumFed.Lattice;

/// <summary>The steps of a ring's transforms at one width, chosen once for a ring. Ranges and lengths are the caller's business.</summary>
internal abstract unsafe class RingTransform
{
    /// <summary>The kernels of a width.</summary>
    internal static RingTransform At(KernelPath path, NttTables tables) => path switch
    {
        KernelPath.Vector512 => new LaneTransform<Lane512, Vector512<double>>(tables),
        KernelPath.Vector256 => new LaneTransform<Lane256, Vector256<double>>(tables),
        KernelPath.Vector128 => new LaneTransform<Lane128, Vector128<double>>(tables),
        _ => new LaneTransform<ScalarLane, double>(tables),
    };

    /// <summary>See <see cref="NttKernel{TLane, TVector}.Forward"/>.</summary>
    internal abstract void Forward(double* x);

    /// <summary>See <see cref="InverseNttKernel{TLane, TVector}.Inverse"/>.</summary>
    internal abstract void Inverse(double* x);

    /// <summary>See <see cref="NttKernel{TLane, TVector}.Reduce"/>.</summary>
    internal abstract void Reduce(double* x, ulong* residues);

    /// <summary>See <see cref="InverseNttKernel{TLane, TVector}.MultiplyInverse"/>.</summary>
    internal abstract void MultiplyInverse(double* x, double* w, double* wOverQ, double* scratch, ulong* residues);
}
