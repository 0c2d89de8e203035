using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>A key ceremony on the ledger.</summary>
/// <param name="By">Whose.</param>
/// <param name="About">What it was about; a number that this program does not know is kept.</param>
/// <param name="MinutesHash">SHA-256 of the minutes.</param>
/// <param name="Step">Where it stands.</param>
public sealed record CeremonyRecord(EthereumAddress By, CeremonyKind About, Digest MinutesHash, LedgerStep Step)
{
    internal static CeremonyRecord Of(AbiValues @event, Digest transactionHash, ulong blockNumber) => new(
        @event.Address("by"), (CeremonyKind)@event.Number("kind"), @event.Hash("minutesHash"),
        new LedgerStep(transactionHash, blockNumber, @event.Hash("signatureHash")));
}
