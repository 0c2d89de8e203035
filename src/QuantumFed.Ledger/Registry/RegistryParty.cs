using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A party as the registry has it in one of its versions.</summary>
/// <param name="Account">Its ledger account.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Status">Whether it may do it.</param>
/// <param name="Since">The registry's version from which on it has been active in this role without a break.</param>
/// <param name="SigningKeyHash">SHA-256 of its ML-DSA-65 public key.</param>
/// <param name="SealingKeyHash">SHA-256 of its ML-KEM-768 encapsulation key; zero if it has none.</param>
public sealed record RegistryParty(
    EthereumAddress Account, PartyRole Role, PartyStatus Status, ulong Since, Digest SigningKeyHash, Digest SealingKeyHash)
{
    /// <summary>The encoded ML-DSA-65 public key as it was proposed; empty for a key of the founding, which the agreement holds.</summary>
    public ReadOnlyMemory<byte> SigningKey { get; init; }

    /// <summary>The encoded ML-KEM-768 encapsulation key as it was proposed; empty for a key of the founding, or where there is none.</summary>
    public ReadOnlyMemory<byte> SealingKey { get; init; }

    /// <summary>Whether it may act now.</summary>
    public bool IsActive => Status == PartyStatus.Active;

    /// <summary>Whether it is a member that may act now.</summary>
    public bool IsActiveMember => IsActive && Role == PartyRole.Member;
}
