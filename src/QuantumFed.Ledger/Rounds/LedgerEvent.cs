using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>An event of a contract, and where it stands.</summary>
/// <param name="Name">The event's name in the contract.</param>
/// <param name="Block">The block.</param>
/// <param name="TransactionHash">The transaction's Keccak-256.</param>
/// <param name="Arguments">The arguments by name: numbers as <see cref="ulong"/> or BigInteger, hashes as <see cref="Digest"/>, accounts as addresses.</param>
public sealed record LedgerEvent(
    string Name, ChainMark Block, Digest TransactionHash, IReadOnlyList<KeyValuePair<string, object>> Arguments) : LedgerNews;
