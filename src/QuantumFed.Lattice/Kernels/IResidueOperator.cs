using System.Runtime.Intrinsics;

namespace QuantumFed.Lattice;

/// <summary>An element-by-element operation on integer residues: the same formula at each width. <see cref="ResidueDriver"/> owns the loops.</summary>
internal interface IResidueOperator
{
    /// <summary>One element.</summary>
    public static abstract ulong Invoke(ulong x, ulong y, ulong q);

    /// <summary>Two elements.</summary>
    public static abstract Vector128<ulong> Invoke(Vector128<ulong> x, Vector128<ulong> y, Vector128<ulong> q);

    /// <summary>Four elements.</summary>
    public static abstract Vector256<ulong> Invoke(Vector256<ulong> x, Vector256<ulong> y, Vector256<ulong> q);

    /// <summary>Eight elements.</summary>
    public static abstract Vector512<ulong> Invoke(Vector512<ulong> x, Vector512<ulong> y, Vector512<ulong> q);
}
