namespace QuantumFed.Lattice;

/// <summary>
/// Arithmetic modulo q on residues held as exact integers in double precision, <typeparamref name="TVector"/> at a time.
/// One formula per operation; <see cref="NttKernel{TLane, TVector}"/> owns the loops.
/// </summary>
/// <remarks>
/// <para><b>Multiplication by a constant w.</b> With w' = fl(w/q), |w| &lt; q, and x an integer, compute
/// h = fl(x w), l = x w - h (exact, one fused operation), k = the integer nearest to x w' (by adding and subtracting
/// <see cref="RoundingMagic"/> = 1.5 * 2^52 in a fused operation), and r = (h - k q) + l. Then r = x w - k q, exactly, so r = x w (mod q).</para>
/// <para><b>Bounds.</b> Let q &lt; 2^50, |x| &lt;= 2^52 and |x w'| &lt;= 2^51 (true when |w| &lt;= q/2, or when |x| &lt;= 2^51).
/// The magic sum stays in [2^52, 2^53], where doubles are the integers, so k is an integer with |k - x w'| &lt;= 1/2, one rounding.
/// |w/q - w'| is at most half a unit in the last place: 2^-55 for |w| &lt;= q/2, 2^-54 for |w| &lt; q. Hence
/// |r| &lt;= (1/2 + |x| 2^-55) q or (1/2 + |x| 2^-54) q, at most 5/8 q in the first case (|x| &lt;= 2^52), 3/4 q in the other (|x| &lt;= 2^52).
/// |x w| &lt; 2^102, so |l| &lt;= 2^48; h, k and q are integers, and |h - k q| = |r - l| &lt; 2^50 + 2^48 is an integer below 2^53: a double, so
/// that the fused h - k q does not round. Neither does the last addition, whose exact result r is an integer below 2^50.</para>
/// <para>This is the method of FLINT's fft_small (Schultz, "Fast Fourier transforms modulo ~50-bit primes in double precision"). All widths
/// perform the same IEEE 754 operations in the same order, so they agree bit for bit before reduction too.</para>
/// </remarks>
/// <typeparam name="TVector">double, or a Vector128, Vector256 or Vector512 of double.</typeparam>
internal unsafe interface ILane<TVector>
    where TVector : struct
{
    /// <summary>1.5 * 2^52: adding it leaves no fraction bits, for a sum in [2^52, 2^53].</summary>
    public const double RoundingMagic = 6755399441055744.0;

    /// <summary>How many elements a vector holds: 1, 2, 4 or 8.</summary>
    public static abstract int Count { get; }

    /// <summary>All elements equal to <paramref name="value"/>.</summary>
    public static abstract TVector Broadcast(double value);

    /// <summary>Reads <see cref="Count"/> elements.</summary>
    public static abstract TVector Load(double* source);

    /// <summary>Writes <see cref="Count"/> elements.</summary>
    public static abstract void Store(TVector x, double* destination);

    /// <summary>x + y, exact while below 2^53.</summary>
    public static abstract TVector Add(TVector x, TVector y);

    /// <summary>x - y, exact while below 2^53.</summary>
    public static abstract TVector Subtract(TVector x, TVector y);

    /// <summary>x w mod q as described above, given <paramref name="wOverQ"/> = fl(w/q).</summary>
    public static abstract TVector MultiplyMod(TVector x, TVector w, TVector wOverQ, TVector q);

    /// <summary>Writes the integers x in (-q, q), q &lt; 2^51, as residues in [0, q).</summary>
    public static abstract void StoreResidues(TVector x, ulong q, ulong* destination);

    /// <summary>Transposes an 8 by 8 square whose rows are eight vectors; only for a count of 8.</summary>
    public static abstract void TransposeRows(
        ref TVector a0, ref TVector a1, ref TVector a2, ref TVector a3, ref TVector a4, ref TVector a5, ref TVector a6, ref TVector a7);

    /// <summary>Transposes an 8 by 8 square of consecutive elements in place.</summary>
    public static abstract void TransposeSquare(double* square);
}
