namespace QuantumFed.Protocol;

/// <summary>What a sender does when its quantum link gives no key.</summary>
public enum LinkPolicyKind
{
    /// <summary>It sends nothing.</summary>
    Require,

    /// <summary>It waits for a key for a while, then sends nothing.</summary>
    Wait,

    /// <summary>It seals with ML-KEM alone, and says so.</summary>
    AllowPostQuantumOnly,
}
