namespace QuantumFed.Qkd;

/// <summary>What an end concludes from a block's announced counts: the same at both, since both have the same counts.</summary>
internal sealed class BlockEstimation
{
    private const double LeastErrorRate = 1e-3;

    private readonly LinkAgreement _agreement;
    private readonly BlockSifting _sifting;
    private readonly ulong[] _othersTest;
    private readonly LinkObservation _seen;

    /// <summary>Estimates from the test basis, with the least that any reconciliation must announce: what aborts here gives no key with any luck.</summary>
    internal BlockEstimation(LinkAgreement agreement, BlockSifting sifting, ulong[] othersTest, long[] sent, long livePulses)
    {
        (_agreement, _sifting, _othersTest) = (agreement, sifting, othersTest);
        _seen = new LinkObservation(agreement.Protocol, sent, livePulses, sifting.Detections);
        SiftedCounts counts = sifting.Counts(othersTest, []);
        Estimate = LinkEstimate.Of(_seen, counts, counts.KeyBasis.ReconciliationBits(1), agreement.Security);
        Abort = Estimate.Abort;
        ErrorRate = Math.Clamp(counts.TestBasis.QuantumBitErrorRate, LeastErrorRate, LinkEstimate.MostQuantumBitErrorRate);
    }

    /// <summary>The latest estimate.</summary>
    internal LinkEstimate Estimate { get; private set; }

    /// <summary>Why there is no key, or nothing.</summary>
    internal AbortReason? Abort { get; private set; }

    /// <summary>What Cascade's first blocks are made for.</summary>
    internal double ErrorRate { get; }

    /// <summary>How long a key may be taken, in whole bytes; 0 when aborted.</summary>
    internal int KeyBits { get; private set; }

    /// <summary>Bits given away.</summary>
    internal int LeakedBits { get; private set; }

    /// <summary>Estimates again from what reconciliation found and gave away.</summary>
    /// <param name="keyErrors">Corrected errors by intensity, of the parts that are kept.</param>
    /// <param name="keptBits">Those parts' length, above 0.</param>
    /// <param name="leakedBits">
    /// Parities and hashes. A dropped part's bits are added: the entropy of what is kept, for one who knows the rest, is at least that of the whole less the rest's length. So the bound, which
    /// holds for the whole block, needs no estimate of a part, whose errors were not chosen at random.
    /// </param>
    internal void Reconciled(ReadOnlySpan<int> keyErrors, int keptBits, int leakedBits)
    {
        double[] errors = new double[keyErrors.Length];
        for (int k = 0; k < errors.Length; k++)
            errors[k] = keyErrors[k] * ((double)_sifting.KeyBits / keptBits);
        LeakedBits = leakedBits + _sifting.KeyBits - keptBits;
        Estimate = LinkEstimate.Of(_seen, _sifting.Counts(_othersTest, errors), LeakedBits, _agreement.Security);
        int bits = (int)Math.Min(Estimate.KeyLengthInBits, keptBits) / 8 * 8;
        Abort = Estimate.Abort ?? (KeyLedger.NetGain(bits) < PendingBlock.SettlementBits ? AbortReason.CostsMoreThanItBrings : null);
        KeyBits = Abort is null ? bits : 0;
    }

    /// <summary>The byte that tells the other end.</summary>
    internal static byte Verdict(AbortReason? abort) => abort is { } reason ? (byte)(1 + (int)reason) : (byte)0;

    /// <summary>Reads it.</summary>
    /// <exception cref="LinkProtocolException">There is no such reason.</exception>
    internal static AbortReason? ReadVerdict(byte verdict) =>
        verdict == 0 ? null
        : Enum.IsDefined((AbortReason)(verdict - 1)) ? (AbortReason)(verdict - 1)
        : throw new LinkProtocolException("The other end aborts for an unknown reason.");

    /// <summary>The figures so far.</summary>
    internal BlockFigures Figures(int keyBits) => new()
    {
        Pulses = _seen.Pulses, Detections = _seen.Detections.Sum(), SiftedBits = _sifting.KeyBits, TestBits = _sifting.TestBits,
        TestErrors = (int)Estimate.Counts.TestBasis.TotalErrors, KeyErrors = (int)Math.Round(Estimate.Counts.KeyBasis.TotalErrors),
        QuantumBitErrorRate = Estimate.Counts.KeyBasis.QuantumBitErrorRate, LeakedBits = LeakedBits, KeyLengthInBits = keyBits,
    };
}
