namespace QuantumFed.Qkd;

/// <summary>A sifted key cut into parts of about 100,000 bits for Cascade: whole words but for the last, all of one length but for the last.</summary>
internal sealed class CascadeParts : IDisposable
{
    internal const int PartBits = 100_000;
    internal const int SeedSize = 32;

    /// <summary>How many parts are reconciled at one time: they share the round trips, and their memory (2 MB each) is bounded.</summary>
    internal const int BatchSize = 32;

    private readonly int _bits, _words, _partWords;
    private readonly CascadePlan _plan, _lastPlan;

    /// <summary>Cuts a key of at least two bits.</summary>
    internal CascadeParts(int bits, double errorRate, ReadOnlySpan<byte> seed)
    {
        _bits = bits;
        _words = PackedBits.WordsFor(bits);
        Count = (bits - 1) / PartBits + 1;
        // Words per part exceed the number of parts, so that rounding up leaves most of a part to the last.
        _partWords = (_words - 1) / Count + 1;
        _lastPlan = CascadePlan.Create(BitsOf(Count - 1), errorRate, seed);
        _plan = Count > 1 && BitsOf(0) != BitsOf(Count - 1) ? CascadePlan.Create(BitsOf(0), errorRate, seed) : _lastPlan;
    }

    internal int Count { get; }

    internal CascadePlan PlanOf(int part) => part == Count - 1 ? _lastPlan : _plan;

    internal int BitsOf(int part) => Math.Min(_bits, (part + 1) * _partWords * PackedBits.WordBits) - part * _partWords * PackedBits.WordBits;

    internal Span<ulong> Of(ulong[] key, int part) => key.AsSpan(part * _partWords, Math.Min(_partWords, _words - part * _partWords));

    /// <summary>The bits of the parts that were found equal.</summary>
    internal int BitsOf(ReadOnlySpan<byte> kept)
    {
        int bits = 0;
        for (int part = 0; part < Count; part++)
            bits += kept[part] * BitsOf(part);
        return bits;
    }

    /// <summary>Joins these parts. Only the last may end within a word, so none is shifted.</summary>
    internal ulong[] Join(ulong[] key, ReadOnlySpan<byte> kept)
    {
        ulong[] joined = BitPlane.Allocate(BitsOf(kept));
        int to = 0;
        for (int part = 0; part < Count; part++)
        {
            if (kept[part] == 0)
                continue;
            Span<ulong> words = Of(key, part);
            words.CopyTo(joined.AsSpan(to));
            to += words.Length;
        }
        return joined;
    }

    public void Dispose()
    {
        _plan.Dispose();
        _lastPlan.Dispose();
    }
}
