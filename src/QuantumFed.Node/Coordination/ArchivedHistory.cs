using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>The finished rounds as the coordinator's archive has them: replayed when it starts, and completed where a crash came between the ledger and the index.</summary>
internal sealed class ArchivedHistory(ConsortiumAgreement agreement, RoundArchive archive)
{
    /// <summary>Replays a finished round and gives the model after it.</summary>
    /// <exception cref="RoundFailedException">The archive does not hold the round, or it does not replay.</exception>
    public LogisticModel Replay(RecordedRound recorded, LogisticModel model)
    {
        if (!archive.TryReadRound(recorded.Round, out RoundIndex? index) || !archive.Objects.TryRead(index.Finalization, out byte[]? data)
            || !SignedMessage.TryParse(data, out SignedMessage? finalization))
            throw new RoundFailedException(recorded.Round, "The archive does not hold this round.");
        ReplayResult replay = RoundReplay.Run(agreement, recorded, finalization, archive.Objects, model);
        if (replay.Model is null)
            throw new RoundFailedException(recorded.Round, $"The archive does not replay: {replay.Findings[0].Subject}: {replay.Findings[0].Problem}");
        IndexAttestations(recorded, index);
        return replay.Model;
    }

    // Attestations are stored as they come and indexed when the round is archived. What the ledger has and the index does not was stored before the
    // member put it on the ledger; its name is its digest, which the ledger does not know, so it is looked for by its signature.
    private void IndexAttestations(RecordedRound recorded, RoundIndex index)
    {
        Dictionary<Digest, MemberId> missing = agreement.Members.Select(member => member.Id)
            .Where(member => !index.Attestations.ContainsKey(member) && recorded.Signatures.ContainsKey((RecordKind.Attestation, member)))
            .ToDictionary(member => recorded.Signatures[(RecordKind.Attestation, member)]);
        if (missing.Count == 0)
            return;
        var attestations = new Dictionary<MemberId, Digest>(index.Attestations);
        foreach (string path in archive.Objects.Files())
        {
            if (ObjectStore.TryDigestOf(path, out Digest digest) && archive.Objects.TryRead(digest, out byte[]? data)
                && SignedMessage.TryParse(data, out SignedMessage? message) && message.Kind == RecordKind.Attestation
                && missing.TryGetValue(message.SignatureDigest, out MemberId member))
                attestations[member] = digest;
        }
        archive.Write(index with { Attestations = attestations });
    }
}
