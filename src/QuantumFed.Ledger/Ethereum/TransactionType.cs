namespace QuantumFed.Ledger;

/// <summary>The types of transaction (EIP-2718) that the consortium's chains take.</summary>
public enum TransactionType : byte
{
    /// <summary>Without a type byte; bound to a chain by EIP-155 or not at all.</summary>
    Legacy = 0,

    /// <summary>With an access list (EIP-2930).</summary>
    AccessList = 1,

    /// <summary>With a tip and a highest price, and an access list (EIP-1559): what the ledger's client sends.</summary>
    DynamicFee = 2,
}
