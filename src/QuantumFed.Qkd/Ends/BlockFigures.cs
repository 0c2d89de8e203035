namespace QuantumFed.Qkd;

/// <summary>A block's figures, as far as it came. All of them are public.</summary>
public sealed record BlockFigures
{
    /// <summary>Pulses sent.</summary>
    public long Pulses { get; internal init; }

    /// <summary>Pulses detected.</summary>
    public long Detections { get; internal init; }

    /// <summary>The sifted key's length, n.</summary>
    public int SiftedBits { get; internal init; }

    /// <summary>Bits announced in the test basis.</summary>
    public int TestBits { get; internal init; }

    /// <summary>How many of them were wrong.</summary>
    public int TestErrors { get; internal init; }

    /// <summary>Errors of the sifted key, where reconciliation found them; before it, as many as the test basis lets expect.</summary>
    public int KeyErrors { get; internal init; }

    /// <summary>The sifted key's error rate, from the same source.</summary>
    public double QuantumBitErrorRate { get; internal init; }

    /// <summary>Bits given away: parities, verification, and the whole of every part that failed verification.</summary>
    public int LeakedBits { get; internal init; }

    /// <summary>The distilled key's length, with what settling and the reserve take of it.</summary>
    public int KeyLengthInBits { get; internal init; }

    /// <summary>Bits of key used up at this end: tags, keys skipped because the other end had used them, and settlement.</summary>
    public long ConsumedBits { get; internal init; }

    /// <summary>Bits of the key that went to the reserve.</summary>
    public int ReturnedBits { get; internal init; }

    /// <summary>Distilled bits per sifted bit.</summary>
    public double SecretFraction => SiftedBits > 0 ? (double)KeyLengthInBits / SiftedBits : 0;
}
