namespace QuantumFed.Qkd;

/// <summary>How a block ended at an end.</summary>
public enum BlockOutcome
{
    /// <summary>Settled: the journal has its key.</summary>
    Delivered,

    /// <summary>No key can be had from this transmission; see <see cref="DistilledBlock.Abort"/>. No authentication key was used.</summary>
    Aborted,

    /// <summary>No part of the key was found equal at both ends.</summary>
    VerificationFailed,

    /// <summary>A tag or token was wrong, or the other end says that one was.</summary>
    AuthenticationFailed,

    /// <summary>The reserve does not pay for the block's tags: the link needs a new secret.</summary>
    ReserveEmpty,

    /// <summary>The transmitter gave the block up after the receiver had saved its key. Neither delivers it.</summary>
    Abandoned,
}
