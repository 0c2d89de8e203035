using System.Numerics;

namespace QuantumFed.Lattice;

/// <summary>A named choice of ring, modulus and distribution, of which the security is published. There is no other way to choose them. Immutable.</summary>
/// <remarks>The limits are those of the HomomorphicEncryption.org standard ("Homomorphic Encryption Security Standard", Albrecht et al., November 2018; ePrint
/// 2019/939), table 1 for classical and table 2 for quantum attacks, 128 bits, ternary secrets, error of deviation 3.2 or more. CBD(42), of deviation
/// 4.58, is wider than both. The stricter "Security Guidelines for Implementing Homomorphic Encryption" (Bossuat et al., ePrint 2024/463) allow
/// about 53 bits at n = 2048.</remarks>
public sealed record KaheParameterSet
{
    private KaheParameterSet(string name, int ringDegree, ulong modulus, int mostBitsClassical, int mostBitsQuantum)
    {
        (Name, RingDegree, Modulus, MostBitsClassical, MostBitsQuantum) = (name, ringDegree, modulus, mostBitsClassical, mostBitsQuantum);
        if (ModulusBits > Math.Min(mostBitsClassical, mostBitsQuantum))
            throw new ArgumentException($"{name}: {ModulusBits} bits of q are more than the {mostBitsClassical} and {mostBitsQuantum} that are secure.", nameof(modulus));
    }

    /// <summary>KAHE-2048-49: n = 2048, q = 2^49 - 28671 prime, CBD(42); 128 bits, classical and quantum.</summary>
    public static KaheParameterSet Kahe2048 { get; } = new("KAHE-2048-49", 2048, Lattice.Modulus.LargestBelow2To49, mostBitsClassical: 54, mostBitsQuantum: 51);

    /// <summary>Every set.</summary>
    public static IReadOnlyList<KaheParameterSet> All { get; } = [Kahe2048];

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>n.</summary>
    public int RingDegree { get; }

    /// <summary>q, prime.</summary>
    public ulong Modulus { get; }

    /// <summary>The bits of q.</summary>
    public int ModulusBits => BitOperations.Log2(Modulus) + 1;

    /// <summary>The most bits of q with 128 bits of security against classical attacks.</summary>
    public int MostBitsClassical { get; }

    /// <summary>The most bits of q with 128 bits of security against quantum attacks.</summary>
    public int MostBitsQuantum { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
