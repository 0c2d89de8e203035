using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A proposer's vote to add a validator, or to remove one, as a QBFT block carries it.</summary>
/// <param name="Recipient">Whom the vote is about.</param>
/// <param name="Adds">Whether the vote is to add; otherwise it is to remove.</param>
public readonly record struct QbftVote(EthereumAddress Recipient, bool Adds);
