namespace QuantumFed.Lattice;

/// <summary>R_q = Z_q[X]/(X^n + 1): transforms and products of elements held as n doubles (integers) or n residues.</summary>
/// <remarks>Thread safe. Time and memory accesses depend on n only, never on a coefficient.</remarks>
internal sealed unsafe class NegacyclicRing
{
    private readonly NttTables _tables;
    private readonly RingTransform _transform;

    private NegacyclicRing(NttTables tables, RingTransform transform) => (_tables, _transform) = (tables, transform);

    internal Modulus Modulus => _tables.Modulus;

    /// <summary>n.</summary>
    internal int Degree => _tables.Degree;

    internal static NegacyclicRing Create(Modulus modulus, int degree, KernelPath path)
    {
        NttTables tables = NttTables.Create(modulus, degree);
        return new NegacyclicRing(tables, RingTransform.At(path, tables));
    }

    /// <summary>Evaluates the polynomial with coefficients |x| &lt;= q: residues in [0, q), in the kernels' order. Overwrites <paramref name="x"/>.</summary>
    internal void Forward(Span<double> x, Span<ulong> values)
    {
        RequireDegree(x.Length == Degree && values.Length == Degree);
        fixed (double* p = x)
        fixed (ulong* to = values)
        {
            _transform.Forward(p);
            _transform.Reduce(p, to);
        }
    }

    /// <summary>Evaluates in place and leaves the values unreduced, as the kernels do between two steps: what a measurement of the transform alone calls.</summary>
    internal void ForwardOnly(Span<double> x)
    {
        RequireDegree(x.Length == Degree);
        fixed (double* p = x)
            _transform.Forward(p);
    }

    /// <summary>Interpolates in place values |x| &lt;= 3/4 q; likewise unreduced.</summary>
    internal void InverseOnly(Span<double> x)
    {
        RequireDegree(x.Length == Degree);
        fixed (double* p = x)
            _transform.Inverse(p);
    }

    /// <summary>The coefficients, residues in [0, q), of the product of two elements in evaluation form.</summary>
    /// <param name="x">The first factor's values, |x| &lt;= q/2.</param>
    /// <param name="y">The second factor's values.</param>
    /// <param name="scratch">Overwritten with intermediate values, which tell the product.</param>
    /// <param name="coefficients">Receives the product.</param>
    internal void MultiplyInverse(ReadOnlySpan<double> x, TransformedElement y, Span<double> scratch, Span<ulong> coefficients)
    {
        RequireDegree(x.Length == Degree && y.Values.Length == Degree && scratch.Length == Degree && coefficients.Length == Degree);
        fixed (double* a = x, w = y.Values, v = y.OverQ, p = scratch)
        fixed (ulong* to = coefficients)
            _transform.MultiplyInverse(a, w, v, p, to);
    }

    private void RequireDegree(bool condition)
    {
        if (!condition)
            throw new ArgumentException($"An element of this ring has {Degree} coefficients.");
    }
}
