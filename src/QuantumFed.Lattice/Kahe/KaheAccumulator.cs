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

    /// <summary>Adds one ciphertext.</summary>
    /// <exception cref="ArgumentException">It has another number of blocks.</exception>
    /// <exception cref="InvalidOperationException">The sum already has as many terms as lanes and noise bound allow.</exception>
    public void Add(KaheCiphertext ciphertext)
    {
        ArgumentNullException.ThrowIfNull(ciphertext);
        if (ciphertext.Blocks != Blocks)
            throw new ArgumentException($"The ciphertext has {ciphertext.Blocks} blocks, not {Blocks}.", nameof(ciphertext));
        if (Count == _parameters.Parties)
            throw new InvalidOperationException($"These parameters sum at most {_parameters.Parties} ciphertexts.");
        ResidueDriver.Apply<AddMod>(_sum, ciphertext.Residues, _sum, _parameters.Modulus);
        Count++;
    }

    /// <summary>The sum so far, as a copy.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been added.</exception>
    public KaheCiphertext ToSum() => Count > 0
        ? new KaheCiphertext((ulong[])_sum.Clone())
        : throw new InvalidOperationException("Nothing has been added.");
}
