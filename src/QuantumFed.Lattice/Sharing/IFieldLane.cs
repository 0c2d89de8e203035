namespace QuantumFed.Lattice;

/// <summary>Arithmetic over F_p, p = 2^31 - 1, on a register: 32-bit elements as they lie in memory, or 64-bit sums of their products.
/// One formula per operation; <see cref="FieldVectors"/> owns the loops.</summary>
/// <remarks>
/// <para><b>Lanes.</b> A register of 2k elements in [0, p) is k 64-bit lanes, the even elements in the low halves. The widening multiplication looks at
/// the low halves only, so it takes the even elements as they lie and the odd ones after one shift: <see cref="High"/>.</para>
/// <para><b>Bounds.</b> <see cref="Fold"/> takes any 64-bit x to (x mod 2^31) + floor(x / 2^31) &lt; 2^31 + 2^33 &lt; 2^34. A product is at
/// most (p - 1)^2 = 2^62 - 2^33 + 4, so a folded lane and four products stay below 2^34 + 2^64 - 2^35 + 16 &lt; 2^64: one fold for each four.</para>
/// <para>No operation branches on an element or uses it as an index.</para>
/// </remarks>
/// <typeparam name="TVector">Vector256 of ulong or Vector512 of ulong.</typeparam>
internal interface IFieldLane<TVector>
    where TVector : struct
{
    /// <summary>How many elements a register holds: 8 or 16.</summary>
    public static abstract int Count { get; }

    /// <summary>All 64-bit lanes equal to <paramref name="value"/>.</summary>
    public static abstract TVector Broadcast(uint value);

    /// <summary>Reads <see cref="Count"/> elements.</summary>
    public static abstract TVector Load(ref uint source);

    /// <summary>Writes <see cref="Count"/> elements.</summary>
    public static abstract void Store(TVector x, ref uint destination);

    /// <summary>The odd elements in the low halves.</summary>
    public static abstract TVector High(TVector x);

    /// <summary>sum + x y in each 64-bit lane, x and y the low halves.</summary>
    public static abstract TVector MultiplyAdd(TVector sum, TVector x, TVector y);

    /// <summary>(x mod 2^31) + floor(x / 2^31) in each 64-bit lane: the same modulo p, below 2^34.</summary>
    public static abstract TVector Fold(TVector x);

    /// <summary>Any two registers of 64-bit lanes as elements in [0, p): <paramref name="even"/> those in the low halves.</summary>
    public static abstract TVector Reduce(TVector even, TVector odd);

    /// <summary>(x + y) mod p, element by element.</summary>
    public static abstract TVector AddMod(TVector x, TVector y);

    /// <summary>The sum of the 64-bit lanes, each below 2^34: below 2^37.</summary>
    public static abstract ulong SumOfLanes(TVector x);
}
