namespace QuantumFed.Protocol;

/// <summary>Why a member's quantum link gave it no key.</summary>
public enum LinkFailure : byte
{
    /// <summary>The key manager has no key left for this link.</summary>
    NoneAvailable = 1,

    /// <summary>The link raised an alarm: it aborted blocks, as under an eavesdropper.</summary>
    LinkAlarm = 2,

    /// <summary>The key manager does not know the key that was asked for.</summary>
    UnknownKey = 3,

    /// <summary>The key was not granted to whoever asked.</summary>
    NotGranted = 4,

    /// <summary>The key manager could not be reached.</summary>
    Unreachable = 5,

    /// <summary>The key manager refused the request for another reason.</summary>
    Refused = 6,
}
