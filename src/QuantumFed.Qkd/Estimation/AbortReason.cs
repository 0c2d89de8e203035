namespace QuantumFed.Qkd;

/// <summary>Why a transmission gives no key.</summary>
public enum AbortReason
{
    /// <summary>The key basis's error rate is above <see cref="LinkEstimate.MostQuantumBitErrorRate"/>.</summary>
    TooManyErrors,

    /// <summary>The decoys do not show that any single photon came through.</summary>
    NoSinglePhotons,

    /// <summary>There are single photons, but after reconciliation and privacy amplification nothing would be left.</summary>
    NoKeyLeft,

    /// <summary>A key would be left, shorter than what its block costs in tags and settlement.</summary>
    CostsMoreThanItBrings,
}
