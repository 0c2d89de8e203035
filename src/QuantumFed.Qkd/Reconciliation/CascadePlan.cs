using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd;

/// <summary>What both ends of a Cascade run know beforehand: lengths of blocks and the orders of the passes, all of it public.</summary>
/// <remarks>
/// <para>Variant "option (4)" of Martinez-Mateo et al., "Demystifying the information reconciliation protocol Cascade" (2015): 16 passes;
/// k_1 = ceil(1/Q), k_2 = 2 k_1, then halves of the key, two parities a pass; parities of sub-blocks are used again.</para>
/// <para>Pass 1 keeps the key's order and pass 2 takes a uniformly random one. A half in passes 3 to 16 is what a random mask chooses, in the key's
/// order, so that a parity is a sum of whole words. The paper's second half of a pass is the complement of the first, and its parity is known from
/// pass 1; here the second half is drawn for itself. For the same two bits, a set of errors that the first two passes leave stays unseen with
/// probability 2^-28 instead of 2^-14.</para>
/// <para>Immutable and safe to share until it is disposed, which gives its megabyte of memory (at 100,000 bits) to the next plan: blocks of one batch
/// may use one plan. The seed must be chosen after the quantum transmission, or an
/// attacker places errors where the passes do not part them (which verification notices, at the price of the block).</para>
/// </remarks>
public sealed class CascadePlan : IDisposable
{
    /// <summary>The number of passes.</summary>
    public const int Passes = 16;

    /// <summary>The longest key of one block, in bits.</summary>
    public const int MostBits = 1 << 24;

    /// <summary>The shortest key of one block, in bits.</summary>
    public const int LeastBits = 2;

    /// <summary>The least error rate that block lengths are computed from; the reference implementation's.</summary>
    internal const double LeastErrorRate = 1e-5;

    /// <summary>Random halves of the key: two for each pass from the third.</summary>
    internal const int Masks = 2 * (Passes - 2);

    /// <summary>Lanes, the orders in which blocks are made: pass 1, pass 2, then one for each random half.</summary>
    internal const int Lanes = 2 + Masks;

    private const string Domain = "QuantumFed.Qkd.Cascade.v1";

    private int[] _order;
    private int[] _place;
    private ulong[] _masks;
    private int[] _ranks;

    private CascadePlan(int lengthInBits, double errorRate, int firstBlock, int[] order, int[] place, ulong[] masks, int[] ranks)
    {
        LengthInBits = lengthInBits;
        ErrorRate = errorRate;
        FirstBlock = firstBlock;
        _order = order;
        _place = place;
        _masks = masks;
        _ranks = ranks;
    }

    /// <summary>n, the length of the keys in bits.</summary>
    public int LengthInBits { get; }

    /// <summary>Q, the estimated error rate of the sifted key.</summary>
    public double ErrorRate { get; }

    /// <summary>k_1, the length of the first pass's blocks in bits.</summary>
    public int FirstBlock { get; }

    /// <summary>k_2, the length of the second pass's blocks in bits.</summary>
    public int SecondBlock => (int)Math.Min(2L * FirstBlock, LengthInBits);

    internal int Words => PackedBits.WordsFor(LengthInBits);

    /// <summary>Which bit of the key stands at each place of pass 2.</summary>
    internal ReadOnlySpan<int> Order => _order.AsSpan(0, LengthInBits);

    /// <summary>At which place of pass 2 each bit of the key stands.</summary>
    internal ReadOnlySpan<int> Place => _place.AsSpan(0, LengthInBits);

    /// <summary>Makes a plan.</summary>
    /// <param name="lengthInBits">From <see cref="LeastBits"/> to <see cref="MostBits"/>.</param>
    /// <param name="errorRate">The estimated error rate, at least 0 and below 1/2.</param>
    /// <param name="seed">Public randomness both ends know; its length is free.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static CascadePlan Create(int lengthInBits, double errorRate, ReadOnlySpan<byte> seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthInBits, LeastBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthInBits, MostBits);
        if (!(errorRate >= 0 && errorRate < 0.5))
            throw new ArgumentOutOfRangeException(nameof(errorRate), errorRate, "An error rate is at least 0 and below 1/2.");

        using RandomStream random = RandomStream.FromSeed(seed, Domain);
        // From the pool: a new plan per block would keep the collector busier than the plan itself.
        int[] order = ArrayPool<int>.Shared.Rent(lengthInBits), place = ArrayPool<int>.Shared.Rent(lengthInBits);
        Shuffle(order.AsSpan(0, lengthInBits), random);
        for (int i = 0; i < lengthInBits; i++)
            place[order[i]] = i;

        int words = PackedBits.WordsFor(lengthInBits);
        ulong[] masks = ArrayPool<ulong>.Shared.Rent(Masks * words);
        random.Fill(MemoryMarshal.AsBytes(masks.AsSpan(0, Masks * words)));
        int[] ranks = ArrayPool<int>.Shared.Rent(Masks * words);
        for (int mask = 0; mask < Masks; mask++)
        {
            int rank = 0;
            for (int w = mask * words; w < (mask + 1) * words; w++)
            {
                ranks[w] = rank;
                rank += BitOperations.PopCount(masks[w]);
            }
        }
        double first = Math.Ceiling(1 / Math.Max(errorRate, LeastErrorRate));
        return new CascadePlan(lengthInBits, errorRate, (int)Math.Min(first, lengthInBits), order, place, masks, ranks);
    }

    /// <summary>Gives the plan's memory back. No run may use the plan afterwards.</summary>
    public void Dispose()
    {
        if (_order.Length == 0)
            return;
        ArrayPool<int>.Shared.Return(_order);
        ArrayPool<int>.Shared.Return(_place);
        ArrayPool<int>.Shared.Return(_ranks);
        ArrayPool<ulong>.Shared.Return(_masks);
        // Whoever uses the plan now runs into the end of an array, not into another plan.
        (_order, _place, _masks, _ranks) = ([], [], [], []);
    }

    /// <exception cref="ObjectDisposedException">The plan was disposed.</exception>
    internal void RequireUsable() => ObjectDisposedException.ThrowIf(_order.Length == 0, this);

    /// <summary>The bits of the key that a lane from 2 on holds. Bits beyond the key's end have no meaning.</summary>
    internal ReadOnlySpan<ulong> Mask(int lane) => _masks.AsSpan((lane - 2) * Words, Words);

    /// <summary>How many of that mask's bits stand before each word.</summary>
    internal ReadOnlySpan<int> Ranks(int lane) => _ranks.AsSpan((lane - 2) * Words, Words);

    /// <summary>How many lanes are in use once a number of passes was started.</summary>
    internal static int LanesOf(int startedPasses) => startedPasses < 2 ? startedPasses : 2 * startedPasses - 2;

    /// <summary>The length of top blocks in lanes 0 and 1.</summary>
    internal int BlockLength(int lane) => lane == 0 ? FirstBlock : SecondBlock;

    /// <summary>How many parities the start of a pass (0 to 15) asks for.</summary>
    internal int TopBlocks(int pass) => pass < 2 ? (LengthInBits - 1) / BlockLength(pass) + 1 : 2;

    // Fisher and Yates from 32-bit draws in bulk, each reduced without bias by Lemire's method: a draw per call would cost more than the exchange.
    private static void Shuffle(Span<int> order, RandomStream random)
    {
        const int Batch = 1024;
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        Span<uint> draws = stackalloc uint[Batch];
        int left = 0;
        for (int i = order.Length - 1; i > 0; i--)
        {
            uint range = (uint)i + 1;
            ulong product;
            do
            {
                if (left == 0)
                {
                    random.Fill(MemoryMarshal.AsBytes(draws));
                    left = Batch;
                }
                product = (ulong)draws[--left] * range;
            }
            while ((uint)product < range && (uint)product < (0u - range) % range);
            int j = (int)(product >> 32);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
