namespace QuantumFed.Qkd;

/// <summary>The first byte of every message between the two ends, in the order they come in. R: from the receiver, T: from the transmitter.</summary>
internal enum LinkMessageKind : byte
{
    /// <summary>Either: the sender gives the block up. One byte more: <see cref="LinkRefusal"/>.</summary>
    Refusal = 0,

    /// <summary>R: what block waits to be settled there. T: how the last block was settled. <see cref="SettlementMessage"/>.</summary>
    Settlement = 1,

    /// <summary>R, then T: <see cref="BlockHello"/>.</summary>
    Hello = 2,

    /// <summary>R: the basis of every detection.</summary>
    Bases = 3,

    /// <summary>T: basis and intensity of every detection (3 planes), its test bits, and 32 bytes that choose Cascade's orders.</summary>
    Sifting = 4,

    /// <summary>R: its verdict (1 byte: 0 or 1 + reason), its test bits.</summary>
    TestBits = 5,

    /// <summary>T: its verdict.</summary>
    Verdict = 6,

    /// <summary>R: per part with a question its index (1 byte), the question's length (4) and bytes.</summary>
    CascadeQuestions = 7,

    /// <summary>T: per question the answer's length (4) and bytes.</summary>
    CascadeAnswers = 8,

    /// <summary>R: per part one byte, 1 when it was reconciled.</summary>
    CascadeEnd = 9,

    /// <summary>T: per reconciled part its hash key and hash.</summary>
    Verification = 10,

    /// <summary>R: per part one byte, 1 when it was found equal; the key's errors by intensity (3 x 4); its verdict (1); how long a key it allows (4).</summary>
    Verified = 11,

    /// <summary>T: its verdict (1), the key's length (4), the matrix's bits.</summary>
    Amplification = 12,

    /// <summary>R, then T: the tag of everything it sent from its hello on.</summary>
    Tag = 13,

    /// <summary>R: its key is saved; the token that says so.</summary>
    Ready = 14,

    /// <summary>T: 1 byte, whether the block is settled; the token that says so.</summary>
    Settled = 15,
}
