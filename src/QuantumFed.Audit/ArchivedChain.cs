using System.Diagnostics.CodeAnalysis;
using QuantumFed.Federation;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Audit;

/// <summary>The chain as the archive holds it, verified from its first block without a node.</summary>
internal static class ArchivedChain
{
    /// <summary>Reads the archived blocks.</summary>
    public static bool TryReadBlocks(RoundArchive archive, List<AuditFinding> findings, [NotNullWhen(true)] out IReadOnlyList<BlockEvidence>? blocks)
    {
        blocks = null;
        if (!archive.TryReadChain(out IReadOnlyList<Digest>? index))
        {
            findings.Add(new AuditFinding("chain.index", "The list of block evidence is missing or damaged."));
            return false;
        }
        var read = new List<BlockEvidence>();
        for (int number = 0; number < index.Count; number++)
        {
            if (archive.Objects.TryRead(index[number], out byte[]? data) && BlockEvidence.TryParse(data, out BlockEvidence? block))
                read.Add(block);
            else
                findings.Add(new AuditFinding($"block {number}", $"Its evidence {index[number]} is missing or altered."));
        }
        blocks = read.Count == index.Count ? read : null;
        return blocks is not null;
    }

    /// <summary>Verifies the blocks, and holds the charter on them against the agreement.</summary>
    public static bool TryRead(
        ConsortiumAgreement agreement, IReadOnlyList<BlockEvidence> blocks, List<AuditFinding> findings, [NotNullWhen(true)] out OfflineChain? chain)
    {
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
        else
            return true;
        return false;
    }

    /// <summary>Holds the blocks' seals against the validators of a genesis file that is known from elsewhere; null, and a finding, if they do not hold.</summary>
    public static QbftSealedChain? CheckSeals(ConsortiumAgreement agreement, IReadOnlyList<BlockEvidence> blocks, QbftGenesis genesis, List<AuditFinding> findings)
    {
        QbftSealedChain? seals = null;
        string? failure = genesis.ChainId == agreement.Ledger.ChainId ? null : $"The genesis file is of chain {genesis.ChainId}, the agreement's is {agreement.Ledger.ChainId}.";
        if (failure is not null || !QbftSealedChain.TryVerify(blocks, genesis, out seals, out failure))
            findings.Add(new AuditFinding("seals", failure));
        return seals;
    }
}
