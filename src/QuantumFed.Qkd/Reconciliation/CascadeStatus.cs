namespace QuantumFed.Qkd;

/// <summary>Where a Cascade run stands.</summary>
public enum CascadeStatus
{
    /// <summary>No key was given yet.</summary>
    Idle,

    /// <summary>A question is out; its answer is awaited.</summary>
    Asking,

    /// <summary>Every parity agrees. The keys are equal but for a small probability, which verification bounds.</summary>
    Reconciled,

    /// <summary>An answer had another length than its question asks for, or bits set beyond its end.</summary>
    RefusedMalformed,

    /// <summary>The answers contradict each other: following them, a bit would be corrected twice.</summary>
    RefusedContradiction,

    /// <summary>More parities would be asked than the key has bits: nothing secret would be left.</summary>
    RefusedLeakage,
}
