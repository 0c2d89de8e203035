using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>What the asking end knows: its own key in every pass's order, and the answered parities at the boundaries of blocks.</summary>
/// <remarks>
/// A boundary m of a lane is known when the other end told the parity of the lane's bits [0, m). Two neighbouring known boundaries s &lt; e enclose
/// a block whose true parity is known; it holds an odd number of errors when its own parity differs. Every block of every pass that was ever split
/// is thus found again (the reuse of sub-blocks), and the parity of a right half needs no question.
/// </remarks>
internal sealed class CascadeLanes
{
    private readonly int _stride;
    private readonly int _summaryStride;
    private readonly ulong[] _key;
    private readonly ulong[] _shuffled;
    private readonly ulong[] _corrected;
    private readonly ulong[] _asked;
    private readonly ulong[] _known;
    private readonly ulong[] _knownSummary;
    private readonly ulong[] _answers;
    private CascadePlan _plan;

    internal CascadeLanes(CascadePlan plan)
    {
        _plan = plan;
        _stride = plan.LengthInBits / PackedBits.WordBits + 1;
        _summaryStride = PackedBits.WordsFor(_stride);
        _key = GC.AllocateArray<ulong>(plan.Words, pinned: true);
        _shuffled = GC.AllocateArray<ulong>(plan.Words, pinned: true);
        _corrected = GC.AllocateArray<ulong>(plan.Words, pinned: true);
        _answers = GC.AllocateArray<ulong>(CascadePlan.Lanes * _stride, pinned: true);
        _asked = new ulong[CascadePlan.Lanes * _stride];
        _known = new ulong[CascadePlan.Lanes * _stride];
        _knownSummary = new ulong[CascadePlan.Lanes * _summaryStride];
    }

    internal int LengthInBits => _plan.LengthInBits;

    internal ReadOnlySpan<ulong> Key => _key;

    internal void Start(CascadePlan plan, ReadOnlySpan<ulong> key)
    {
        Erase();
        _plan = plan;
        key.CopyTo(_key);
        _key[^1] &= PackedBits.TailMask(plan.LengthInBits);
    }

    internal void StartPass(int pass)
    {
        if (pass == 1)
            PackedBits.Gather(_key, _plan.Order, _shuffled);
        for (int lane = CascadePlan.LanesOf(pass); lane < CascadePlan.LanesOf(pass + 1); lane++)
            Learn(lane, 0, 0);
    }

    /// <summary>Whether a lane holds a bit of the key.</summary>
    internal bool Holds(int lane, int bit) => lane < 2 || PackedBits.Get(_plan.Mask(lane), bit) != 0;

    /// <summary>Where that bit stands in the lane.</summary>
    internal int PlaceOf(int lane, int bit) => lane == 1 ? _plan.Place[bit] : bit;

    /// <summary>The key's bit that stands at a place of a lane.</summary>
    internal int BitAt(int lane, int place) => lane == 1 ? _plan.Order[place] : place;

    /// <summary>Whether the block between two known boundaries holds an odd number of errors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsOdd(int lane, int start, int end)
    {
        ReadOnlySpan<ulong> answers = _answers.AsSpan(lane * _stride, _stride);
        uint truth = PackedBits.Get(answers, start) ^ PackedBits.Get(answers, end);
        uint own = lane < 2
            ? PackedBits.Parity(lane == 0 ? _key : _shuffled, start, end)
            : PackedBits.Parity(_key, _plan.Mask(lane), start, end);
        return truth != own;
    }

    /// <summary>Where to split a block of a lane so that both parts hold half of its bits.</summary>
    /// <returns><see langword="false"/> when it has one bit, with that bit's place, or none, with -1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TrySplit(int lane, int start, int end, out int place)
    {
        if (lane >= 2)
            return TrySplitMasked(lane, start, end, out place);
        place = (start + end + 1) >>> 1;
        if (end - start > 1)
            return true;
        place = start;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsKnown(int lane, int boundary) => PackedBits.Get(_known.AsSpan(lane * _stride, _stride), boundary) != 0;

    /// <summary>Marks a boundary as asked for; <see langword="false"/> when it was before.</summary>
    internal bool TryMarkAsked(int lane, int boundary)
    {
        ref ulong word = ref _asked[lane * _stride + (boundary >>> 6)];
        ulong bit = 1UL << boundary;
        if ((word & bit) != 0)
            return false;
        word |= bit;
        return true;
    }

    /// <summary>Takes an answer: the parity of bits [0, boundary) of the lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Learn(int lane, int boundary, uint parity)
    {
        int word = boundary >>> 6;
        _known[lane * _stride + word] |= 1UL << boundary;
        _knownSummary[lane * _summaryStride + (word >>> 6)] |= 1UL << word;
        _answers[lane * _stride + word] |= (ulong)parity << boundary;
    }

    /// <summary>The smallest block of a lane around a place: its nearest known boundaries.</summary>
    internal (int Start, int End) BlockAround(int lane, int place)
    {
        ReadOnlySpan<ulong> known = _known.AsSpan(lane * _stride, _stride);
        ReadOnlySpan<ulong> summary = _knownSummary.AsSpan(lane * _summaryStride, _summaryStride);
        // 0 and the key's length are known from the pass's start, so both searches end.
        int word = place >>> 6;
        ulong below = known[word] & (ulong.MaxValue >>> (63 - (place & 63)));
        if (below == 0)
        {
            word = NextBelow(summary, word);
            below = known[word];
        }
        int start = (word << 6) + BitOperations.Log2(below);

        int next = place + 1;
        word = next >>> 6;
        ulong above = known[word] & (ulong.MaxValue << next);
        if (above == 0)
        {
            word = NextAbove(summary, word);
            above = known[word];
        }
        return (start, (word << 6) + BitOperations.TrailingZeroCount(above));
    }

    /// <summary>Flips a bit of the key; <see langword="false"/> when it was flipped before, which honest answers never ask for.</summary>
    internal bool TryCorrect(int bit, int startedPasses)
    {
        ref ulong corrected = ref _corrected[bit >>> 6];
        ulong flip = 1UL << bit;
        if ((corrected & flip) != 0)
            return false;
        corrected |= flip;
        _key[bit >>> 6] ^= flip;
        if (startedPasses >= 2)
        {
            int place = _plan.Place[bit];
            _shuffled[place >>> 6] ^= 1UL << place;
        }
        return true;
    }

    internal void Erase()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_key.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_shuffled.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_answers.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_corrected.AsSpan()));
        _asked.AsSpan().Clear();
        _known.AsSpan().Clear();
        _knownSummary.AsSpan().Clear();
    }

    private bool TrySplitMasked(int lane, int start, int end, out int place)
    {
        int before = Rank(lane, start), count = Rank(lane, end) - before;
        if (count == 0)
        {
            place = -1;
            return false;
        }
        place = Select(lane, before + ((count + 1) >>> 1) - 1, start >>> 6, (end - 1) >>> 6);
        if (count == 1)
            return false;
        place++;
        return true;
    }

    /// <summary>How many of the lane's bits stand before a place.</summary>
    private int Rank(int lane, int place)
    {
        ReadOnlySpan<ulong> mask = _plan.Mask(lane);
        int word = place >>> 6;
        return word < mask.Length
            ? _plan.Ranks(lane)[word] + BitOperations.PopCount(mask[word] & ~(ulong.MaxValue << place))
            : _plan.Ranks(lane)[^1] + BitOperations.PopCount(mask[^1]);
    }

    /// <summary>The place of the lane's bit number <paramref name="rank"/>, which is in one of the words from first to last.</summary>
    private int Select(int lane, int rank, int first, int last)
    {
        ReadOnlySpan<int> ranks = _plan.Ranks(lane);
        while (first < last)
        {
            int middle = (first + last + 1) >>> 1;
            if (ranks[middle] <= rank)
                first = middle;
            else
                last = middle - 1;
        }
        ulong word = _plan.Mask(lane)[first];
        for (int skip = rank - ranks[first]; skip > 0; skip--)
            word &= word - 1;
        return (first << 6) + BitOperations.TrailingZeroCount(word);
    }

    private static int NextBelow(ReadOnlySpan<ulong> summary, int word)
    {
        int index = word >>> 6;
        ulong bits = summary[index] & ((1UL << word) - 1);
        while (bits == 0)
            bits = summary[--index];
        return (index << 6) + BitOperations.Log2(bits);
    }

    private static int NextAbove(ReadOnlySpan<ulong> summary, int word)
    {
        int index = word >>> 6;
        ulong bits = summary[index] & (ulong.MaxValue << word << 1);
        while (bits == 0)
            bits = summary[++index];
        return (index << 6) + BitOperations.TrailingZeroCount(bits);
    }
}
