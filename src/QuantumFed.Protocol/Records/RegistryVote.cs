namespace QuantumFed.Protocol;

/// <summary>A member's vote on a proposal: what its signature in the transaction is over.</summary>
/// <param name="Federation">The federation.</param>
/// <param name="ChainId">The chain.</param>
/// <param name="Registry">The registry contract.</param>
/// <param name="Number">The proposal's number.</param>
/// <param name="Proposal">Digest of the proposal's body: the vote is for these words and no others.</param>
/// <param name="Support">Whether it is a yes.</param>
public sealed record RegistryVote(FederationId Federation, ulong ChainId, EthereumAddress Registry, ulong Number, Digest Proposal, bool Support)
    : IRecord<RegistryVote>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.RegistryVote;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) => writer
        .Digest(Federation.Value).UInt64(ChainId).Bytes(Registry.ToArray()).UInt64(Number).Digest(Proposal).Byte(Support ? (byte)1 : (byte)0);

    /// <inheritdoc/>
    public static RegistryVote? Read(ref CanonicalReader reader)
    {
        var federation = new FederationId(reader.Digest());
        ulong chainId = reader.UInt64();
        EthereumAddress registry = reader.Address();
        ulong number = reader.UInt64();
        Digest proposal = reader.Digest();
        byte support = reader.Byte();
        reader.Require(support <= 1);
        return new RegistryVote(federation, chainId, registry, number, proposal, support == 1);
    }
}
