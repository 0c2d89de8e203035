using QuantumFed.Audit;
using QuantumFed.Federation;
using QuantumFed.Lattice;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>Puts the report together from the audit's replay, the demo's own rows and what was measured on the way.</summary>
internal static class DemoReportBuilder
{
    public static DemoReport Build(
        DemoOptions options, DemoData data, ConsortiumAgreement agreement, DemoScore score, RunProgress progress, AuditReport audit)
    {
        // Without a replayed model there is nothing to score; the report then shows the untrained one, beside an audit that failed.
        LogisticModel model = audit.Model ?? RoundTask.InitialModel(agreement.Task);
        LogisticModel pooled = score.Pooled(model, agreement.Task.L2);
        KaheParameters lattice = KaheParameters.Create(agreement.Members.Count, RoundPlanning.BitsPerValue);
        return new DemoReport(
            DemoReport.CurrentVersion, options.Dataset, data.BestAuc is not null, options.Method.ToString().ToLowerInvariant(),
            options.Standardise.ToString().ToLowerInvariant(), options.Seed, agreement.Task.L2,
            [.. data.Cohorts.Select(cohort => MemberOf(cohort, model))], ScoreOf(score.OnAll(pooled)), ScoreOf(score.OnAll(model)), data.BestAuc,
            [.. audit.Rounds.Select(verdict => RoundOf(verdict, progress))],
            new DemoReport.ChannelSuite(progress.Channel?.TlsVersion, progress.Channel?.Group, progress.Channel?.Signature),
            new DemoReport.LatticeSet(
                $"Z_q[X]/(X^{lattice.RingDegree} + 1)", lattice.ModulusBits, lattice.BitsPerValue, lattice.Lanes,
                lattice.BytesPerParameter * FixedPointQuantizer.Statistics.Limbs, lattice.NoiseBound),
            new DemoReport.LedgerRecord(
                agreement.Ledger.ChainId, agreement.Ledger.Registry.ToString(), agreement.Ledger.Rounds.ToString(), agreement.Ledger.DevelopmentChain,
                audit.Blocks),
            new DemoReport.AuditSummary(
                audit.RoundsVerified, audit.Verified, [.. audit.AllFindings.Select(finding => $"{finding.Subject}: {finding.Problem}")]));
    }

    private static DemoReport.Member MemberOf(HospitalCohort cohort, LogisticModel model)
    {
        Evaluation federated = DemoScore.On(model, cohort);
        return new DemoReport.Member(
            cohort.Name, cohort.Train.RowCount, cohort.Test.RowCount, DemoScore.On(DemoScore.Local(cohort), cohort).Accuracy,
            federated.Accuracy, federated.Auc);
    }

    private static DemoReport.Round RoundOf(RoundVerdict verdict, RunProgress progress)
    {
        progress.Rounds.TryGetValue(verdict.Round, out RoundProgress? measured);
        return new DemoReport.Round(
            verdict.Round.Value, measured?.Purpose ?? "", [.. verdict.Participants.Select(member => member.Name)],
            measured?.Seconds ?? 0, measured?.Accuracy, measured?.BytesPerMember ?? 0, verdict.Model.ToString(),
            [.. verdict.Transactions.Select(transaction => "0x" + transaction)]);
    }

    private static DemoReport.Score ScoreOf(Evaluation evaluation) => new(evaluation.Accuracy, evaluation.Auc);
}
