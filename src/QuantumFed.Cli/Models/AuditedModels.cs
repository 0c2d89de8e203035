using QuantumFed.Audit;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>The models that an audit which holds found on the ledger.</summary>
internal sealed class AuditedModels(AuditReport report) : IRecordedModels
{
    /// <inheritdoc/>
    public (RoundId Round, Digest Model)? Find(RoundId? round)
    {
        RoundVerdict? verdict = report.Rounds.LastOrDefault(v => v.Phase == RecordedPhase.Finalized && (round is null || v.Round == round));
        return verdict is null ? null : (verdict.Round, verdict.Model);
    }
}
