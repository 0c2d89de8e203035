namespace QuantumFed.Lattice;

/// <summary>
/// Draws the public elements of a round once for everybody who asks, and keeps them within a memory bound; the others are drawn again when they are
/// needed, which takes about a third of the time of encrypting a block. Thread safe.
/// </summary>
/// <remarks>Elements are drawn when they are first used. Where the bound is reached, or a 257th seed comes, the elements of the seed that was asked for longest ago are given up;
/// within one seed, those drawn first stay. Results never depend on what is kept.</remarks>
public sealed class PublicElementExpander
{
    /// <summary>The bound of <see cref="Shared"/>: 32 MiB: 2,048 elements of the smaller set, or 8.3 million values in two lanes.</summary>
    public const long DefaultMemoryBoundInBytes = 32L << 20;

    /// <summary>The most seeds that are known at once: also those take room of which no element is ever drawn.</summary>
    internal const int MostSeeds = 256;

    private readonly Lock _gate = new();
    // The newest last.
    private readonly List<RoundElements> _rounds = [];
    private readonly long _bound;
    private long _reserved;

    private PublicElementExpander(long bound) => _bound = bound;

    /// <summary>The expander that the process shares.</summary>
    public static PublicElementExpander Shared { get; } = Create(DefaultMemoryBoundInBytes);

    /// <summary>The memory of the elements that are kept now, of all seeds.</summary>
    public long KeptInBytes
    {
        get
        {
            lock (_gate)
                return _reserved;
        }
    }

    /// <summary>An expander of its own.</summary>
    /// <param name="memoryBoundInBytes">The most memory for values that are kept; 0 keeps none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is negative.</exception>
    public static PublicElementExpander Create(long memoryBoundInBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(memoryBoundInBytes);
        return new PublicElementExpander(memoryBoundInBytes);
    }

    /// <summary>The elements of a seed.</summary>
    /// <param name="parameters">Fixes the ring.</param>
    /// <param name="seed32">32 public bytes that nobody could choose.</param>
    /// <param name="blocks">How many, from 1 to <see cref="KaheParameters.MaxBlocks"/>.</param>
    /// <exception cref="ArgumentException">The seed is not 32 bytes long, or <paramref name="blocks"/> is out of range.</exception>
    public PublicElements Expand(KaheParameters parameters, ReadOnlySpan<byte> seed32, int blocks)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (seed32.Length != PublicElements.SeedSizeInBytes)
            throw new ArgumentException($"The seed has {PublicElements.SeedSizeInBytes} bytes, not {seed32.Length}.", nameof(seed32));
        parameters.RequireBlocks(blocks, nameof(blocks));
        lock (_gate)
        {
            int known = IndexOf(parameters.Set, seed32);
            RoundElements round = known < 0 ? new RoundElements(parameters.Set, seed32.ToArray()) : _rounds[known];
            if (known >= 0)
                _rounds.RemoveAt(known);
            if (_rounds.Count == MostSeeds)
                GiveUpOldest();
            _rounds.Add(round);
            return new PublicElements(this, round, blocks);
        }
    }

    /// <summary>Takes room for one more element, from older seeds if need be.</summary>
    internal bool TryReserve(RoundElements round)
    {
        lock (_gate)
        {
            // Given up: whoever still uses it draws.
            if (!_rounds.Contains(round))
                return false;
            while (_reserved + round.ElementSizeInBytes > _bound && _rounds[0] != round)
                GiveUpOldest();
            if (_reserved + round.ElementSizeInBytes > _bound)
                return false;
            round.Reserved += round.ElementSizeInBytes;
            _reserved += round.ElementSizeInBytes;
            return true;
        }
    }

    /// <summary>Keeps an element for which room was taken.</summary>
    internal void Keep(RoundElements round, int block, double[] values)
    {
        lock (_gate)
        {
            if (!_rounds.Contains(round) || round.TryKeep(block, values))
                return;
            round.Reserved -= round.ElementSizeInBytes;
            _reserved -= round.ElementSizeInBytes;
        }
    }

    private void GiveUpOldest()
    {
        _reserved -= _rounds[0].Reserved;
        _rounds[0].Reserved = 0;
        _rounds[0].Clear();
        _rounds.RemoveAt(0);
    }

    private int IndexOf(KaheParameterSet set, ReadOnlySpan<byte> seed)
    {
        for (int i = 0; i < _rounds.Count; i++)
        {
            if (_rounds[i].Set == set && _rounds[i].Seed.SequenceEqual(seed))
                return i;
        }
        return -1;
    }
}
