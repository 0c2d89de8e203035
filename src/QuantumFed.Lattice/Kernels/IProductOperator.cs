namespace QuantumFed.Lattice;

/// <summary>An element-by-element operation with a product modulo q in it: one formula for all lanes. <see cref="ProductDriver"/> owns the loops.</summary>
internal interface IProductOperator
{
    /// <summary>The new element, from x, the constant w, fl(w/q) and the old element.</summary>
    public static abstract TVector Invoke<TLane, TVector>(TVector x, TVector w, TVector wOverQ, TVector old, TVector q)
        where TLane : struct, ILane<TVector>
        where TVector : struct;
}
