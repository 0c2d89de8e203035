namespace QuantumFed.Lattice;

/// <summary>The public ring elements a_0, a_1, ... of a round, uniform, the same for everyone who has the seed. Immutable, thread safe.</summary>
/// <remarks>
/// <para>a_k is drawn in evaluation form (the transform is a bijection, so it is uniform there too): value i is the next little-endian 64-bit
/// word of <see cref="QuantumFed.Randomness.RandomStream.FromSeed"/>(seed, k as 4 bytes little-endian; <see cref="Domain"/>), cut to 49 bits, words
/// not below q left out. Where q has several primes, each has its own stream, whose seed goes on with the prime's number in one byte. The order of
/// the values is the transform's (see <c>NttKernel</c>).</para>
/// <para>One set serves one round: two messages under one secret and one a_k would cancel it. An element takes 8 bytes a value; which are kept in memory
/// and which are drawn again is <see cref="PublicElementExpander"/>'s affair.</para>
/// </remarks>
public sealed class PublicElements
{
    /// <summary>The seed's length in bytes.</summary>
    public const int SeedSizeInBytes = 32;

    /// <summary>The domain of the random streams that the elements come from.</summary>
    public const string Domain = "QuantumFed.Kahe.PublicElements.v1";

    private readonly PublicElementExpander _expander;
    private readonly RoundElements _round;

    internal PublicElements(PublicElementExpander expander, RoundElements round, int blocks) => (_expander, _round, Blocks) = (expander, round, blocks);

    /// <summary>The set whose ring they are elements of.</summary>
    public KaheParameterSet Set => _round.Set;

    /// <summary>How many elements there are.</summary>
    public int Blocks { get; }

    /// <summary>The elements of a seed, by the expander that the process shares.</summary>
    /// <param name="parameters">Fixes the ring.</param>
    /// <param name="seed32">32 public bytes that nobody could choose, such as a hash over the round and a later block's hash.</param>
    /// <param name="blocks">How many, from 1 to <see cref="KaheParameters.MaxBlocks"/>.</param>
    /// <exception cref="ArgumentException">The seed is not 32 bytes long, or <paramref name="blocks"/> is out of range.</exception>
    public static PublicElements Expand(KaheParameters parameters, ReadOnlySpan<byte> seed32, int blocks) =>
        PublicElementExpander.Shared.Expand(parameters, seed32, blocks);

    /// <summary>Refuses another set.</summary>
    internal void RequireSet(KaheParameterSet set)
    {
        if (set != Set)
            throw new ArgumentException($"The elements are of {Set}, not {set}.", nameof(set));
    }

    /// <summary>The values of a_k, centred, n for each prime: kept ones, or drawn into <paramref name="drawing"/>, where they last until the next draw.</summary>
    internal ReadOnlySpan<double> Block(int block, ElementDrawing drawing)
    {
        if (_round.TryGet(block, out double[]? kept))
            return kept;
        if (!_expander.TryReserve(_round))
        {
            drawing.Draw(_round.Seed, block, drawing.Values);
            return drawing.Values;
        }
        double[] values = GC.AllocateUninitializedArray<double>(Set.ElementSize);
        drawing.Draw(_round.Seed, block, values);
        _expander.Keep(_round, block, values);
        return values;
    }
}
