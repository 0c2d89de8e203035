namespace QuantumFed.Transport;

/// <summary>Why a key manager gave no key.</summary>
public enum QuantumKeyFailure
{
    /// <summary>Its pool is empty (503).</summary>
    NoneAvailable = 1,

    /// <summary>The link raised an alarm, such as an eavesdropper's error rate (503 whose details say link_alarm).</summary>
    LinkAlarm,

    /// <summary>It has no key of that id, or has given it out before (400).</summary>
    UnknownKey,

    /// <summary>It does not grant the caller that key or link (401).</summary>
    NotGranted,

    /// <summary>It was not reached, showed another certificate, or did not answer in time.</summary>
    Unreachable,

    /// <summary>It refused for another reason, or its answer is not what the standard asks for.</summary>
    Refused,
}
