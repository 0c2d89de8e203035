namespace QuantumFed.Protocol;

/// <summary>The coordinator as the agreement names it.</summary>
/// <param name="Id">Its name, also in its certificate.</param>
/// <param name="Account">Its ledger account.</param>
/// <param name="Key">The key of its records.</param>
/// <param name="PayloadKey">The encoded ML-KEM-768 key that updates are sealed to in transit.</param>
/// <param name="Suspended">Whether the members have suspended it by vote, or given it another role: never in the agreement itself, only in an agreement in force.</param>
public sealed record AgreedCoordinator(MemberId Id, EthereumAddress Account, VerificationKey Key, ReadOnlyMemory<byte> PayloadKey, bool Suspended = false);
