namespace QuantumFed.Qkd;

/// <summary>How the transmitter ended a block, with the token that proves it to the receiver.</summary>
/// <param name="Block">The block.</param>
/// <param name="IsSettled">Settled, and not abandoned.</param>
/// <param name="Token">Public once it was sent.</param>
internal sealed record SettlementDecision(ulong Block, bool IsSettled, byte[] Token);
