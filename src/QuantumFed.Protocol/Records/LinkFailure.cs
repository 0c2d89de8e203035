namespace QuantumFed.Protocol;

/// <summary>Why a key manager gave no key. The numbers stand in signed reports.</summary>
public enum LinkFailure : byte
{
    /// <summary>Its pool is empty (503 of ETSI GS QKD 014).</summary>
    NoneAvailable = 1,

    /// <summary>The link raised an alarm, such as an eavesdropper's error rate (503 whose details say link_alarm).</summary>
    LinkAlarm = 2,

    /// <summary>It has no key of that id, or has given it out before (400).</summary>
    UnknownKey = 3,

    /// <summary>It does not grant the caller that key or link (401).</summary>
    NotGranted = 4,

    /// <summary>It was not reached, showed another certificate, or did not answer in time.</summary>
    Unreachable = 5,

    /// <summary>It refused for another reason, or its answer is not what the standard asks for.</summary>
    Refused = 6,
}
