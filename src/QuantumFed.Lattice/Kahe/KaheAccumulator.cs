namespace QuantumFed.Lattice;

/// <summary>A running sum of ciphertexts, up to the number of parties the parameters allow. Not thread safe.</summary>
public sealed class KaheAccumulator
{
    private readonly KaheParameters _parameters;
    private readonly ulong[] _sum;

    private KaheAccumulator(KaheParameters parameters, int blocks)
    {
        _parameters = parameters;
        _sum = new ulong[blocks * parameters.RingDegree];
    }

    /// <summary>How many ciphertexts have been added.</summary>
    public int Count { get; private set; }

    /// <summary>The blocks of each ciphertext.</summary>
    public int Blocks => _sum.Length / _parameters.RingDegree;

    /// <summary>An empty sum.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="blocks"/> is not between 1 and <see cref="KaheParameters.MaxBlocks"/>.</exception>
    public static KaheAccumulator Create(KaheParameters parameters, int blocks)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new KaheAccumulator(parameters, KaheParameters.RequireBlocks(blocks, nameof(blocks)));
    }

    /// <summary>Adds ciphertexts, block by block: while one block of the sum is at hand, that of every ciphertext is added to it.</summary>
    /// <param name="ciphertexts">The ciphertexts, all as long as the sum.</param>
    /// <exception cref="ArgumentException">One has another number of blocks; none was added.</exception>
    /// <exception cref="InvalidOperationException">The sum would have more terms than lanes and noise bound allow; none was added.</exception>
    public void Add(params IReadOnlyList<KaheCiphertext> ciphertexts)
    {
        ArgumentNullException.ThrowIfNull(ciphertexts);
        foreach (KaheCiphertext ciphertext in ciphertexts)
        {
            if (ciphertext.Blocks != Blocks)
                throw new ArgumentException($"The ciphertext has {ciphertext.Blocks} blocks, not {Blocks}.", nameof(ciphertexts));
        }
        if (ciphertexts.Count > _parameters.Parties - Count)
            throw new InvalidOperationException($"These parameters sum at most {_parameters.Parties} ciphertexts.");
        for (int block = 0; block < Blocks; block++)
        {
            Span<ulong> sum = Block(block);
            for (int i = 0; i < ciphertexts.Count; i++)
                CoefficientPacking.Add(ciphertexts[i].Block(block), sum, _parameters.Modulus);
        }
        Count += ciphertexts.Count;
    }

    /// <summary>The sum so far, as a copy.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been added.</exception>
    public KaheCiphertext ToSum()
    {
        if (Count == 0)
            throw new InvalidOperationException("Nothing has been added.");
        byte[] bytes = GC.AllocateUninitializedArray<byte>(_parameters.CiphertextSizeInBytes(Blocks));
        CoefficientPacking.Pack(_sum, bytes);
        return new KaheCiphertext(bytes);
    }

    private Span<ulong> Block(int block) => _sum.AsSpan(block * _parameters.RingDegree, _parameters.RingDegree);
}
