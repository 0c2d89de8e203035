namespace QuantumFed.Ledger;

/// <summary>The ledger answered and refused: a contract reverted (then <see cref="ErrorName"/> says why), or the node took exception.</summary>
public sealed class LedgerRejectedException : Exception
{
    /// <summary>An unspecified refusal.</summary>
    public LedgerRejectedException()
        : this("The ledger refused.")
    {
    }

    /// <summary>A refusal in words.</summary>
    public LedgerRejectedException(string message)
        : base(message)
    {
    }

    /// <summary>A refusal in words, and its cause.</summary>
    public LedgerRejectedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private LedgerRejectedException(string message, int code, string? errorName, ReadOnlyMemory<byte> revertData)
        : base(message)
    {
        Code = code;
        ErrorName = errorName;
        RevertData = revertData;
    }

    /// <summary>The JSON-RPC error code; 3 is a revert where the node follows EIP-1474's practice.</summary>
    public int Code { get; }

    /// <summary>The contract's custom error, such as AlreadyCommitted; null where the refusal is not one of our contracts'.</summary>
    public string? ErrorName { get; }

    /// <summary>What the contract returned when it reverted; empty where it is not known.</summary>
    public ReadOnlyMemory<byte> RevertData { get; }

    /// <summary>Whether another transaction of the same account took the nonce: signed anew with the next one, the call may go through.</summary>
    internal bool NonceTaken { get; private init; }

    internal static LedgerRejectedException OfTakenNonce(string message, LedgerRejectedException refusal) => new(message, refusal) { NonceTaken = true };

    internal static LedgerRejectedException FromNode(int code, string message, byte[] revertData)
    {
        AbiValues? error = null;
        bool named = ContractArtifact.RoundLedger.Abi.TryDecodeError(revertData, out error)
            || ContractArtifact.ConsortiumRegistry.Abi.TryDecodeError(revertData, out error);
        return new LedgerRejectedException(named ? $"The contract refused: {error}" : $"The ledger's node refused: {message}", code, error?.Name, revertData);
    }
}
