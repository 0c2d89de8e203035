using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>The models that the archive's finalisations name, as the coordinator signed them; nothing else is checked.</summary>
internal sealed class SignedModels(WorkspaceLayout layout) : IRecordedModels
{
    private readonly RoundArchive _archive = new(layout.Archive);
    private readonly ConsortiumAgreement _agreement = new PartyFolder(layout.Root).ReadAgreement(layout.Agreement);

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A round's record is damaged.</exception>
    public (RoundId Round, Digest Model)? Find(RoundId? round)
    {
        foreach (RoundId candidate in _archive.Rounds().Reverse().Where(candidate => round is null || candidate == round))
        {
            if (ModelOf(candidate) is { IsZero: false } model)
                return (candidate, model);
        }
        return null;
    }

    // Zero where the round was given up, or its sum did not decode.
    private Digest ModelOf(RoundId round)
    {
        if (_archive.TryReadRound(round, out RoundIndex? index) && _archive.Objects.TryRead(index.Finalization, out byte[]? data)
            && SignedMessage.TryParse(data, out SignedMessage? message))
        {
            if (message.TryOpen(_agreement.Coordinator.Key, out Finalization? end))
                return end.Model;
            if (message.TryOpen(_agreement.Coordinator.Key, out Abandonment? _))
                return default;
        }
        throw new InvalidDataException($"{_archive.RoundIndexPath(round)}: the record of round {round} is damaged, or not signed by the coordinator.");
    }
}
