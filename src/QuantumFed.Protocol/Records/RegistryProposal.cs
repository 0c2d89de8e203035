namespace QuantumFed.Protocol;

/// <summary>A party's proposal to change the registry: what its signature in the transaction is over.</summary>
/// <param name="Federation">The federation.</param>
/// <param name="ChainId">The chain.</param>
/// <param name="Registry">The registry contract.</param>
/// <param name="Number">The proposal's number, from 0.</param>
/// <param name="Change">What is to change.</param>
/// <param name="Account">Whom it concerns.</param>
/// <param name="Role">The role for <see cref="RegistryChange.Admit"/> and <see cref="RegistryChange.SetRole"/>; null otherwise.</param>
/// <param name="SigningKey">SHA-256 of the new ML-DSA public key; zero where the change has none.</param>
/// <param name="SealingKey">SHA-256 of the new ML-KEM encapsulation key; zero where there is none.</param>
public sealed record RegistryProposal(
    FederationId Federation, ulong ChainId, EthereumAddress Registry, ulong Number, RegistryChange Change, EthereumAddress Account, PartyRole? Role,
    Digest SigningKey, Digest SealingKey) : IRecord<RegistryProposal>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.RegistryProposal;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) => writer
        .Digest(Federation.Value).UInt64(ChainId).Bytes(Registry.ToArray()).UInt64(Number).Byte((byte)Change).Bytes(Account.ToArray())
        .Byte((byte)(Role ?? 0)).Digest(SigningKey).Digest(SealingKey);

    /// <inheritdoc/>
    public static RegistryProposal? Read(ref CanonicalReader reader)
    {
        var federation = new FederationId(reader.Digest());
        ulong chainId = reader.UInt64();
        EthereumAddress registry = reader.Address();
        ulong number = reader.UInt64();
        var change = (RegistryChange)reader.Byte();
        EthereumAddress account = reader.Address();
        byte role = reader.Byte();
        reader.Require(Enum.IsDefined(change) && (role == 0 || Enum.IsDefined((PartyRole)role)));
        return new RegistryProposal(
            federation, chainId, registry, number, change, account, role == 0 ? null : (PartyRole)role, reader.Digest(), reader.Digest());
    }
}
