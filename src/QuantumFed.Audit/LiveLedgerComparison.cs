using System.Collections.Immutable;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Audit;

/// <summary>Asks a live ledger whether it still says what the archive says.</summary>
public static class LiveLedgerComparison
{
    /// <summary>Compares every archived block's hash and every round's record.</summary>
    /// <param name="source">The files; they must have passed an audit.</param>
    /// <param name="rpc">The ledger's node.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What differs; empty if nothing does.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be reached.</exception>
    public static async Task<IReadOnlyList<AuditFinding>> RunAsync(AuditSource source, RpcEndpoint rpc, TimeProvider time, CancellationToken cancellation)
    {
        var findings = new List<AuditFinding>();
        if (!ConsortiumAuditor.TryReadChain(source, out ConsortiumAgreement? agreement, out OfflineChain? chain))
            return [new AuditFinding("chain", "The archived chain does not verify, so there is nothing to compare.")];
        using JsonRpcClient client = JsonRpcClient.Create(rpc, time);
        LedgerDeployment deployment = RecordedRounds.DeploymentOf(agreement!);
        using RoundLedger ledger = RoundLedger.Create(client, deployment, account: null, time);
        for (ulong number = 0; number <= chain!.Head.BlockNumber; number++)
        {
            if (await ledger.BlockHashAsync(number, cancellation) != chain.BlockHash(number))
            {
                findings.Add(new AuditFinding($"block {number}", "The live ledger has another block there, or none."));
                return findings;
            }
        }
        if (!chain.TryReadRounds(deployment, out ImmutableArray<RoundRecord> records, out string? failure))
            return [new AuditFinding("chain", failure)];
        foreach (RoundRecord archived in records)
        {
            if (!archived.Equals(await ledger.ReadRoundAsync(archived.Round, cancellation)))
                findings.Add(new AuditFinding($"round {archived.Round}", "The live ledger records it otherwise than the archive."));
        }
        ulong live = await ledger.NextRoundAsync(cancellation);
        if (live > (ulong)records.Length)
            findings.Add(new AuditFinding(
                $"round {records.Length}", $"The live ledger has {live} rounds, the archive {records.Length}; a round that runs now comes into the archive when it is over."));
        return findings;
    }
}
