namespace QuantumFed.Transport;

/// <summary>The least a recipient takes, whatever the sender says: without it, whoever blocks a key manager could weaken a link unseen.</summary>
public enum PayloadFloor
{
    /// <summary>A key of the quantum link must be in the payload key. The default, and what any other value means.</summary>
    QuantumKey = 0,

    /// <summary>ML-KEM alone will do.</summary>
    MLKem = 1,
}
