using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A verified transaction: its block, its bytes, who sent it and what came of it.</summary>
internal sealed record OfflineTransaction(BlockHeader Block, SignedTransaction Transaction, EthereumAddress Sender, ReceiptContent Receipt);
