namespace QuantumFed.Qkd;

/// <summary>Why an end gives a block up and says so. The message is not authenticated: forged, it costs the block, as silence would.</summary>
public enum LinkRefusal : byte
{
    /// <summary>A message was malformed, out of order, or impossible.</summary>
    BrokenProtocol = 1,

    /// <summary>The ends hold other agreements, or notes of other transmissions.</summary>
    Disagreement = 2,

    /// <summary>The reserve does not pay for the block's tags.</summary>
    ReserveEmpty = 3,

    /// <summary>A tag or token was wrong.</summary>
    AuthenticationFailed = 4,

    /// <summary>The other end's position lies behind this end's: an old state was restored there.</summary>
    OutOfStep = 5,
}
