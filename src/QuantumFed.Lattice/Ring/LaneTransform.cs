namespace QuantumFed.Lattice;

/// <summary>The steps with one kind of lanes.</summary>
internal sealed unsafe class LaneTransform<TLane, TVector>(NttTables tables) : RingTransform
    where TLane : struct, ILane<TVector>
    where TVector : struct
{
    internal override void Forward(double* x) => NttKernel<TLane, TVector>.Forward(x, tables);

    internal override void Inverse(double* x) => InverseNttKernel<TLane, TVector>.Inverse(x, tables);

    internal override void Reduce(double* x, ulong* residues) => NttKernel<TLane, TVector>.Reduce(x, residues, tables.Degree, tables.Modulus.Value);

    internal override void MultiplyInverse(double* x, double* w, double* wOverQ, double* scratch, ulong* residues) =>
        InverseNttKernel<TLane, TVector>.MultiplyInverse(x, w, wOverQ, scratch, residues, tables);
}
