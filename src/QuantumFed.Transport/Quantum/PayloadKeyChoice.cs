using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>What a sender seals its payload with, by its link's policy: one of three.</summary>
public abstract record PayloadKeyChoice
{
    private PayloadKeyChoice()
    {
    }

    /// <summary>A quantum key (mode 1).</summary>
    /// <param name="Key">The key; whoever has the choice disposes of it, unless sealing did.</param>
    public sealed record Quantum(QuantumKey Key) : PayloadKeyChoice;

    /// <summary>No key, and the policy lets ML-KEM seal alone (mode 2). The reason belongs on the record.</summary>
    /// <param name="Failure">Why there is no key.</param>
    /// <param name="StoredKeyCount">How many keys the key manager said were waiting; null if it did not say.</param>
    /// <param name="KeyManagerMessage">What else it said: printable, at most 200 characters, empty if nothing.</param>
    public sealed record Downgraded(LinkFailure Failure, long? StoredKeyCount, string KeyManagerMessage = "") : PayloadKeyChoice;

    /// <summary>No key, and so nothing may be sent.</summary>
    /// <param name="Failure">Why there is no key.</param>
    /// <param name="StoredKeyCount">How many keys the key manager said were waiting; null if it did not say.</param>
    /// <param name="KeyManagerMessage">What else it said: printable, at most 200 characters, empty if nothing.</param>
    public sealed record Withheld(LinkFailure Failure, long? StoredKeyCount, string KeyManagerMessage = "") : PayloadKeyChoice;
}
