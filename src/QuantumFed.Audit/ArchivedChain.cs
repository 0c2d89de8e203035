using System.Diagnostics.CodeAnalysis;
using QuantumFed.Federation;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Audit;

/// <summary>The chain as the archive holds it, verified from its first block without a node.</summary>
internal static class ArchivedChain
{
    /// <summary>Reads and verifies the archived blocks, and holds the charter on them against the agreement.</summary>
    public static bool TryRead(
        ConsortiumAgreement agreement, RoundArchive archive, List<AuditFinding> findings, [NotNullWhen(true)] out OfflineChain? chain)
    {
        chain = null;
        // An altered object or a foreign file, found before, does not keep the chain from being read: its rounds then say what it concerns.
        int before = findings.Count;
        if (!archive.TryReadChain(out IReadOnlyList<Digest>? index))
        {
            findings.Add(new AuditFinding("chain.index", "The list of block evidence is missing or damaged."));
            return false;
        }
        var blocks = new List<BlockEvidence>();
        for (int number = 0; number < index.Count; number++)
        {
            if (archive.Objects.TryRead(index[number], out byte[]? data) && BlockEvidence.TryParse(data, out BlockEvidence? block))
                blocks.Add(block);
            else
                findings.Add(new AuditFinding($"block {number}", $"Its evidence {index[number]} is missing or altered."));
        }
        if (findings.Count > before)
            return false;
        if (!OfflineChain.TryVerify(blocks, agreement.Ledger.ChainId, out chain, out string? failure))
        {
            findings.Add(new AuditFinding("chain", failure));
            return false;
        }
        LedgerDeployment deployment = RecordedRounds.DeploymentOf(agreement);
        ConsortiumCharter expected = RecordedRounds.CharterOf(agreement, Digest.Of(RoundTask.InitialModel(agreement.Task).ToCanonicalBytes()));
        if (!chain.TryReadCharter(deployment, out ConsortiumCharter? charter, out failure))
            findings.Add(new AuditFinding("charter", failure));
        else if (!charter.Equals(expected))
            findings.Add(new AuditFinding("charter", "The contracts were founded with other parties, keys or initial model than the agreement's."));
        return findings.Count == before;
    }
}
