namespace QuantumFed.KeyManagement;

/// <summary>Why no key was delivered.</summary>
public enum KeyDeliveryFailure
{
    /// <summary>The pool holds less than was asked for.</summary>
    NoneAvailable = 1,

    /// <summary>The pool holds less than was asked for, and the link has raised an alarm.</summary>
    LinkAlarm,

    /// <summary>The other end's key manager cannot be reached, so that no key can be granted.</summary>
    PeerAway,

    /// <summary>An id that this key manager does not know, or whose key it has delivered.</summary>
    UnknownKey,

    /// <summary>A key that is granted to others, or that another master obtained.</summary>
    NotGranted,
}
