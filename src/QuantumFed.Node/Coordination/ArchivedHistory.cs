using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>The finished rounds as the coordinator's archive has them: what it replays when it starts.</summary>
internal sealed class ArchivedHistory(ConsortiumAgreement agreement, RoundArchive archive)
{
    /// <summary>Replays a finished round and gives the model after it.</summary>
    /// <exception cref="RoundFailedException">The archive does not hold the round, or it does not replay.</exception>
    public ModelState Replay(RecordedRound recorded, ModelState model)
    {
        if (!archive.TryReadRound(recorded.Round, out RoundIndex? index) || !archive.Objects.TryRead(index.Finalization, out byte[]? data)
            || !SignedMessage.TryParse(data, out SignedMessage? finalization))
            throw new RoundFailedException(recorded.Round, "The archive does not hold this round.");
        ReplayResult replay = RoundReplay.Run(agreement, recorded, finalization, archive.Objects, model);
        return replay.Model ?? throw new RoundFailedException(
            recorded.Round, $"The archive does not replay: {replay.Findings[0].Subject}: {replay.Findings[0].Problem}");
    }
}
