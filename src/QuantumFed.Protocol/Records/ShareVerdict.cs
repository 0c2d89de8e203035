namespace QuantumFed.Protocol;

/// <summary>What a committee member found of one dealer's share.</summary>
public enum ShareVerdict : byte
{
    /// <summary>It opened and matches the dealer's commitment; the masked check values come with it.</summary>
    Opened = 1,

    /// <summary>It does not open under the round key, or what opens is no share of this receiver.</summary>
    DoesNotOpen = 2,

    /// <summary>Its digest is not the one that the dealer committed to.</summary>
    NotTheCommitted = 3,
}
