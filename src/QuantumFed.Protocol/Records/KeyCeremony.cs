namespace QuantumFed.Protocol;

/// <summary>A party's word that it held a key ceremony and keeps these minutes of it.</summary>
/// <param name="Federation">The federation.</param>
/// <param name="ChainId">The chain.</param>
/// <param name="Contract">The rounds contract.</param>
/// <param name="About">What the ceremony was about.</param>
/// <param name="Minutes">SHA-256 of the minutes, a file that the party keeps.</param>
public sealed record KeyCeremony(FederationId Federation, ulong ChainId, EthereumAddress Contract, CeremonyKind About, Digest Minutes)
    : IRecord<KeyCeremony>
{
    /// <inheritdoc/>
    public static RecordKind Kind => RecordKind.KeyCeremony;

    /// <inheritdoc/>
    public void WriteTo(CanonicalWriter writer) =>
        writer.Digest(Federation.Value).UInt64(ChainId).Bytes(Contract.ToArray()).Byte((byte)About).Digest(Minutes);

    /// <inheritdoc/>
    public static KeyCeremony? Read(ref CanonicalReader reader)
    {
        var record = new KeyCeremony(
            new FederationId(reader.Digest()), reader.UInt64(), reader.Address(), (CeremonyKind)reader.Byte(), reader.Digest());
        reader.Require(Enum.IsDefined(record.About));
        return record;
    }
}
