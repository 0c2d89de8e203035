using System.Collections.Immutable;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Audit;

/// <summary>
/// Replays a whole federation from public files, with no secret and no process of the consortium running: agreement and consents, every stored
/// object, the chain from its first block, every round, every attestation.
/// </summary>
public sealed class ConsortiumAuditor
{
    private readonly AuditSource _source;
    private readonly AcceptedProposals _accepted;
    private readonly List<AuditFinding> _findings = [];
    private readonly List<AuditRemark> _remarks = [];
    private readonly List<RoundVerdict> _rounds = [];
    private IReadOnlyList<AuditedProposal> _proposals = [];
    private QbftSealedChain? _seals;

    private ConsortiumAuditor(AuditSource source, AcceptedProposals accepted) => (_source, _accepted) = (source, accepted);

    /// <summary>Audits what the source holds.</summary>
    /// <param name="source">The files.</param>
    /// <param name="progress">Told each round's verdict as it is reached; may be null.</param>
    /// <param name="accepted">Changes of the registry that are let pass though signatures did not decide them, each with a remark; null for none.</param>
    /// <exception cref="IOException">A file cannot be read for another reason than that it is missing.</exception>
    public static AuditReport Run(AuditSource source, Action<RoundVerdict>? progress = null, AcceptedProposals? accepted = null) =>
        new ConsortiumAuditor(source, accepted ?? AcceptedProposals.None).Run(progress);

    /// <summary>The archive's chain and its verified reading, for a comparison with a live ledger.</summary>
    internal static bool TryReadChain(AuditSource source, out ConsortiumAgreement? agreement, out OfflineChain? chain)
    {
        var findings = new List<AuditFinding>();
        chain = null;
        agreement = ReadAgreement(source, findings);
        return agreement is not null && ArchivedChain.TryReadBlocks(new RoundArchive(source.Archive), findings, out IReadOnlyList<BlockEvidence>? blocks)
            && ArchivedChain.TryRead(agreement, blocks, findings, out chain);
    }

    private AuditReport Run(Action<RoundVerdict>? progress)
    {
        var archive = new RoundArchive(_source.Archive);
        CheckObjects(archive);
        ConsortiumAgreement? agreement = ReadAgreement(_source, _findings);
        if (agreement is null)
            return Report(null, null, null);
        CheckConsents(agreement);
        if (!ArchivedChain.TryReadBlocks(archive, _findings, out IReadOnlyList<BlockEvidence>? blocks)
            || !ArchivedChain.TryRead(agreement, blocks, _findings, out OfflineChain? chain))
            return Report(agreement, null, null);
        if (_source.Genesis is { } genesis)
            _seals = ArchivedChain.CheckSeals(agreement, blocks, genesis, _findings);
        ModelState? replayed = RoundTask.InitialModel(agreement.Task);
        ModelState? start = replayed;
        var auditor = new RoundAuditor(archive, chain);
        LedgerDeployment deployment = RecordedRounds.DeploymentOf(agreement);
        if (!chain.TryReadRegistry(deployment, out OfflineRegistry? registry, out string? broken))
        {
            _findings.Add(new AuditFinding("registry", broken));
            return Report(agreement, chain, null);
        }
        _proposals = new RegistryAudit(agreement, registry, _accepted).Judge(_findings, _remarks);
        if (!chain.TryReadRounds(deployment, out ImmutableArray<RoundRecord> records, out string? failure))
            _findings.Add(new AuditFinding("chain", failure));
        else if (records.IsEmpty)
            _findings.Add(new AuditFinding("chain", "The archived chain holds no round."));
        foreach (RoundRecord record in records.IsDefault ? [] : records)
        {
            if (start is null)
            {
                _findings.Add(new AuditFinding($"round {record.Round}", "It could not be judged: the model it starts from is not in the archive."));
                break;
            }
            ModelState? next = null;
            try
            {
                RoundVerdict verdict = auditor.Judge(InForce(agreement, registry, record), record, start, out next);
                _rounds.Add(verdict);
                progress?.Invoke(verdict);
            }
            catch (LedgerMismatchException error)
            {
                _findings.Add(new AuditFinding($"round {record.Round}", error.Message));
            }
            // One round that does not hold says nothing of the others: they are judged from the model that the ledger records.
            replayed = replayed is null ? null : next;
            start = next ?? RecordedModel(archive, record, start);
        }
        // A chain cut short at its end verifies by itself; what the archive holds beyond it gives it away.
        foreach (RoundId round in archive.Rounds().Where(round => records.IsDefault || round.Value >= (ulong)records.Length))
            _findings.Add(new AuditFinding($"round {round}", "The archive has its index, but the archived chain does not have the round."));
        return Report(agreement, chain, replayed);
    }

    // A key that is none, which members could vote in, verifies nothing: the round is then judged by the agreement itself, and does not hold.
    private ConsortiumAgreement InForce(ConsortiumAgreement agreement, OfflineRegistry registry, RoundRecord record)
    {
        try
        {
            return RecordedRounds.InForce(agreement, registry.History.At(record.RegistryVersion)!);
        }
        catch (LedgerMismatchException error)
        {
            _findings.Add(new AuditFinding($"round {record.Round}", error.Message));
            return agreement;
        }
    }

    private static ModelState? RecordedModel(RoundArchive archive, RoundRecord record, ModelState start) =>
        record.Phase != RoundPhase.Finalized
            ? start
            : archive.Objects.TryRead(record.ModelHash, out byte[]? data) && ModelState.TryParse(data, out ModelState? model) ? model : null;

    private void CheckObjects(RoundArchive archive)
    {
        foreach (string path in archive.Objects.Files())
        {
            if (IsInterruptedWrite(path))
                continue;
            if (!ObjectStore.TryDigestOf(path, out Digest digest))
                _findings.Add(new AuditFinding(path, "It is not an object of the archive."));
            else if (!archive.Objects.TryRead(digest, out _))
                _findings.Add(new AuditFinding($"object {digest}", $"Its bytes were altered: {path}"));
        }
    }

    // A process that is killed while it writes an object leaves a file of the form .NAME.GUID beside its place (DurableFile), and one that
    // runs has such a file for a moment. Nothing names it, nothing reads it, and it is no reason to doubt the archive.
    private static bool IsInterruptedWrite(string path)
    {
        const int SuffixLength = 33;
        string name = Path.GetFileName(path);
        return name.Length > SuffixLength && name[0] == '.' && name[^SuffixLength] == '.' && Guid.TryParseExact(name[^(SuffixLength - 1)..], "N", out _)
            && ObjectStore.TryDigestOf(Path.Combine(Path.GetDirectoryName(path)!, name[1..^SuffixLength]), out _);
    }

    private void CheckConsents(ConsortiumAgreement agreement)
    {
        foreach (MemberId party in agreement.Members.Select(member => member.Id).Append(agreement.Coordinator.Id))
        {
            string path = Path.Combine(_source.Consents, party.Name + ".signed");
            if (!File.Exists(path) || !SignedMessage.TryParse(File.ReadAllBytes(path), out SignedMessage? message) || message.Signer != party
                || !message.TryOpen(agreement.KeyOf(party)!, out Consent? consent) || consent.Agreement != agreement.Digest)
                _findings.Add(new AuditFinding($"consent of '{party}'", $"It is missing, or not signed for this agreement: {path}"));
        }
    }

    private static ConsortiumAgreement? ReadAgreement(AuditSource source, List<AuditFinding> findings)
    {
        string? failure = "The file does not exist.";
        if (File.Exists(source.Agreement)
            && ConsortiumAgreement.TryParse(File.ReadAllBytes(source.Agreement), out ConsortiumAgreement? agreement, out failure))
            return agreement;
        findings.Add(new AuditFinding("agreement", $"{failure} ({source.Agreement})"));
        return null;
    }

    private AuditReport Report(ConsortiumAgreement? agreement, OfflineChain? chain, ModelState? model) =>
        new(
            _findings, _remarks, _rounds, _proposals, model, agreement is null ? 0 : RoundTask.RoundCount(agreement.Task),
            chain is null ? 0 : checked((int)chain.Head.BlockNumber + 1), agreement?.Ledger.DevelopmentChain ?? false, _seals);
}
