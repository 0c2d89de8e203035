using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>Proof for the caller that a step stands on the ledger.</summary>
/// <param name="TransactionHash">The transaction's Keccak-256.</param>
/// <param name="BlockNumber">The block it is in.</param>
/// <param name="BlockHash">That block's hash.</param>
/// <param name="GasUsed">The gas it used.</param>
/// <param name="AlreadyApplied">Whether the same step stood there before this call, which then sent nothing, or nothing that counted.</param>
public sealed record LedgerReceipt(Digest TransactionHash, ulong BlockNumber, Digest BlockHash, ulong GasUsed, bool AlreadyApplied)
{
    internal static LedgerReceipt Of(TransactionReceipt receipt, bool alreadyApplied) =>
        new(receipt.TransactionHash, receipt.BlockNumber, receipt.BlockHash, receipt.GasUsed, alreadyApplied);
}
