using System.Numerics;

namespace QuantumFed.Lattice;

/// <summary>A named choice of ring, modulus and distribution, of which the security is published. There is no other way to choose them. Immutable.</summary>
/// <remarks>
/// <para>R_q = Z_q[X]/(X^n + 1); q is a prime or a product of two, of which each fits the kernels and has a primitive 2n-th root of unity, so that R_q is
/// worked on as the product of the rings of its primes. Secrets and errors are from CBD(42).</para>
/// <para>The limits are those of the HomomorphicEncryption.org standard ("Homomorphic Encryption Security Standard", Albrecht et al., November 2018; ePrint
/// 2019/939), table 1 for classical and table 2 for quantum attacks, 128 bits, ternary secrets, error of deviation 3.2 or more. CBD(42), of deviation
/// 4.58, is wider than both. The stricter "Security Guidelines for Implementing Homomorphic Encryption" (Bossuat et al., ePrint 2024/463) allow
/// about 53 bits at n = 2048 and 106 at n = 4096.</para>
/// </remarks>
public sealed class KaheParameterSet
{
    private KaheParameterSet(string name, int ringDegree, IReadOnlyList<ulong> primes, int mostBitsClassical, int mostBitsQuantum)
    {
        (Name, RingDegree, Primes, MostBitsClassical, MostBitsQuantum) = (name, ringDegree, primes, mostBitsClassical, mostBitsQuantum);
        ModulusBits = (int)primes.Aggregate(BigInteger.One, (product, prime) => product * prime).GetBitLength();
        if (ModulusBits > Math.Min(mostBitsClassical, mostBitsQuantum))
            throw new ArgumentException($"{name}: {ModulusBits} bits of q are more than the {mostBitsClassical} and {mostBitsQuantum} that are secure.", nameof(primes));
        Rings = [.. primes.Select(prime => NegacyclicRing.Create(Modulus.Create(prime), ringDegree, KernelPaths.Widest))];
        if (!primes.All(LazySum.Suits) || primes.Count > 2)
            throw new ArgumentException($"{name}: the sums of its residues have no proof.", nameof(primes));
    }

    /// <summary>KAHE-2048-49: n = 2048, q = 2^49 - 28671 prime; 128 bits, classical and quantum. The least that a small vector takes.</summary>
    public static KaheParameterSet Kahe2048 { get; } = new("KAHE-2048-49", 2048, [Modulus.LargestBelow2To49], mostBitsClassical: 54, mostBitsQuantum: 51);

    /// <summary>KAHE-4096-98: n = 4096, q the product of two primes of 49 bits; 128 bits, classical and quantum. Noise and carries of a large consortium take
    /// a smaller part of its coefficients.</summary>
    public static KaheParameterSet Kahe4096 { get; } = new(
        "KAHE-4096-98", 4096, [Modulus.LargestBelow2To49ForDegree4096, Modulus.NextBelow2To49ForDegree4096], mostBitsClassical: 109, mostBitsQuantum: 101);

    /// <summary>Every set, the smallest first.</summary>
    public static IReadOnlyList<KaheParameterSet> All { get; } = [Kahe2048, Kahe4096];

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>n.</summary>
    public int RingDegree { get; }

    /// <summary>The prime factors of q, each below 2^49.</summary>
    public IReadOnlyList<ulong> Primes { get; }

    /// <summary>The bits of q.</summary>
    public int ModulusBits { get; }

    /// <summary>The most bits of q with 128 bits of security against classical attacks.</summary>
    public int MostBitsClassical { get; }

    /// <summary>The most bits of q with 128 bits of security against quantum attacks.</summary>
    public int MostBitsQuantum { get; }

    /// <summary>The length of a block on the wire: n residues of 49 bits for each prime.</summary>
    public int BlockSizeInBytes => PrimeSizeInBytes * Primes.Count;

    /// <summary>The part of a block that belongs to one prime.</summary>
    internal int PrimeSizeInBytes => RingDegree / CoefficientPacking.GroupCoefficients * CoefficientPacking.GroupSizeInBytes;

    /// <summary>The residues of an element: n for each prime.</summary>
    internal int ElementSize => RingDegree * Primes.Count;

    /// <summary>q: the product of the primes.</summary>
    internal UInt128 Q => Primes.Aggregate(UInt128.One, (product, prime) => product * prime);

    /// <summary>The rings of the primes.</summary>
    internal IReadOnlyList<NegacyclicRing> Rings { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>Whether every residue of whole blocks is below its prime.</summary>
    internal bool AreCanonical(ReadOnlySpan<byte> blocks)
    {
        for (int i = 0; !blocks.IsEmpty; i = (i + 1) % Primes.Count, blocks = blocks[PrimeSizeInBytes..])
        {
            if (!CoefficientPacking.AllBelow(KernelPaths.Widest, blocks[..PrimeSizeInBytes], Primes[i]))
                return false;
        }
        return true;
    }

    /// <summary>The transforms of small coefficients, |coefficient| &lt;= q, one for each prime.</summary>
    internal TransformedElement[] Transform(ReadOnlySpan<int> coefficients)
    {
        var transforms = new TransformedElement[Rings.Count];
        for (int i = 0; i < transforms.Length; i++)
            transforms[i] = TransformedElement.Of(Rings[i], coefficients);
        return transforms;
    }
}
