namespace QuantumFed.Qkd;

/// <summary>In which of BB84's two bases a pulse is prepared or measured.</summary>
public enum Basis
{
    /// <summary>The key basis: both parties choose it often, and its bits become the key.</summary>
    X = 0,

    /// <summary>The test basis: its bits are announced, and bound what an eavesdropper may know of the other's.</summary>
    Z = 1,
}
