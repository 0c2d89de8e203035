using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>The finished rounds as the coordinator's archive has them: what it replays when it starts.</summary>
internal sealed class ArchivedHistory(RoundArchive archive)
{
    /// <summary>Replays a finished round and gives the model after it.</summary>
    /// <param name="inForce">The agreement in force when the round was opened.</param>
    /// <param name="recorded">The round on the ledger.</param>
    /// <param name="model">The model before it.</param>
    /// <exception cref="RoundFailedException">The archive does not hold the round, or it does not replay.</exception>
    public ModelState Replay(ConsortiumAgreement inForce, RecordedRound recorded, ModelState model)
    {
        if (!archive.TryReadRound(recorded.Round, out RoundIndex? index) || !archive.Objects.TryRead(index.Finalization, out byte[]? data)
            || !SignedMessage.TryParse(data, out SignedMessage? finalization))
            throw new RoundFailedException(recorded.Round, "The archive does not hold this round.");
        ReplayResult replay = RoundReplay.Run(inForce, recorded, finalization, archive.Objects, model);
        return replay.Model ?? throw new RoundFailedException(
            recorded.Round, $"The archive does not replay: {replay.Findings[0].Subject}: {replay.Findings[0].Problem}");
    }
}
