using System.Globalization;
using System.Reflection;
using QuantumFed.Audit;
using QuantumFed.Federation;
using QuantumFed.Lattice;
using QuantumFed.Learning;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Report;

namespace QuantumFed.Cli;

/// <summary>
/// Puts the report together: scores from the models that the audit replayed and the demo's own rows, times and bytes from what the parties told on the way.
/// </summary>
internal sealed class RunReportBuilder(
    DemoOptions options, CohortData data, ConsortiumAgreement agreement, CohortScore score, RoundArchive archive, CancellationToken cancellation)
{
    /// <summary>Trains the models to compare with, and builds.</summary>
    public RunReport Build(RunProgress progress, AuditReport audit, DateTimeOffset now, TimeSpan elapsed)
    {
        // Without a replayed model there is nothing to score; the report then shows the untrained one, beside an audit that failed.
        ModelState model = audit.Model ?? RoundTask.InitialModel(agreement.Task);
        ReportMember[] members = [.. data.Cohorts.Select(cohort => MemberOf(cohort, model))];
        return new RunReport
        {
            GeneratedAt = now,
            Program = $"QuantumFed {typeof(RunReportBuilder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}",
            CommandLine = options.CommandLine,
            WallSeconds = elapsed.TotalSeconds,
            Simulated = SimulatedParts(),
            Dataset = options.Data.Name == DatasetChoice.CsvName ? data.Title : options.Data.Name,
            Synthetic = data.Synthetic,
            Columns = [.. (data.Table?.Columns ?? []).Select(column => new ReportColumn(column.Name, column.Description))],
            Classes = data.ClassNames,
            Model = ModelOf(agreement.Task),
            Algorithm = agreement.Task.Method.ToString().ToLowerInvariant(),
            Settings = [.. TaskSettings.Of(agreement.Task)],
            Standardise = agreement.Task.Standardise.ToString().ToLowerInvariant(),
            Seed = options.Data.Seed,
            L2 = agreement.Task.Averaging is null ? agreement.Task.L2 : null,
            Members = members,
            Pooled = score.Pooled(model.Standardisation, cancellation) is { } pooled ? ScoreOf(score.OnAll(pooled)) : null,
            Local = new ReportScore { Accuracy = MeanOverRows(members) },
            Federated = ScoreOf(score.OnAll(model)),
            MajorityAccuracy = MajorityOf(data.Cohorts),
            BestAuc = data.BestAuc,
            Rounds = [.. audit.Rounds.Select(verdict => RoundOf(verdict, progress))],
            Channel = new ReportChannel(progress.Channel?.TlsVersion, progress.Channel?.Group, progress.Channel?.Signature),
            Links = [.. RunLinks.Of(progress, agreement)],
            QuantumLinks = [.. QuantumLinksOf(progress)],
            Visibility = RunVisibility.Of(agreement),
            Lattice = LatticeOf(),
            Ledger = LedgerOf(audit),
            Audit = new ReportAudit
            {
                RoundsVerified = audit.RoundsVerified,
                Verified = audit.Verified,
                Findings = [.. audit.AllFindings.Select(finding => $"{finding.Subject}: {finding.Problem}")],
                Command = $"./qf audit verify --workspace {options.Folder}",
            },
        };
    }

    private ReportSimulation[] SimulatedParts()
    {
        var parts = new List<ReportSimulation>();
        if (data.Synthetic)
            parts.Add(new ReportSimulation("Data", "The rows were generated; no patient stands behind them."));
        parts.Add(new ReportSimulation("Hospitals", "All parties ran on one machine, each in a process of its own; one command held all the rows, to score them."));
        if (agreement.Ledger.DevelopmentChain)
            parts.Add(new ReportSimulation("Ledger", "A development chain, which its operator could rewrite; what stays are the members' ML-DSA signatures."));
        if (options.Links is not null)
            parts.Add(new ReportSimulation("Quantum links", "No photon was sent: light, fibres and detectors were simulated. Post-processing, key managers and seals are the real ones."));
        return [.. parts];
    }

    private IEnumerable<ReportQuantumLink> QuantumLinksOf(RunProgress progress)
    {
        foreach (AgreedMember member in agreement.Members.Where(member => member.Link is not null))
        {
            LinkProgress told = progress.Links.GetValueOrDefault(member.Id.Name) ?? LinkProgress.New;
            yield return new ReportQuantumLink
            {
                Member = member.Id.Name,
                Policy = member.Link!.ToString(),
                Simulated = true,
                DistanceKm = options.Links?.Kilometres,
                Eavesdropper = options.Links?.Eavesdropped == member.Id.Name ? options.Links.Attack : null,
                BlocksDelivered = told.BlocksDelivered,
                BlocksAborted = told.BlocksAborted,
                Qber = told.Qber,
                KeysUsed = told.KeysUsed,
                Alarm = told.Alarm,
            };
        }
    }

    private static ReportLinkReport ReportOf(AuditedLinkReport report) => new()
    {
        Member = report.Member.Name,
        Outcome = report.Outcome.ToString().ToLowerInvariant(),
        Failure = report.Record?.Failure.ToString(),
        StoredKeys = report.Record?.StoredKeys,
        Detail = report.Record?.Detail,
        Transaction = "0x" + report.Transaction,
    };

    private static ReportModel ModelOf(LearningTask task)
    {
        ModelShape shape = TaskTerms.ShapeOf(task);
        return new ReportModel
        {
            Kind = shape.Kind.ToString().ToLowerInvariant(),
            HiddenLayers = shape.Hidden,
            Parameters = shape.ParameterCount,
            Features = shape.FeatureCount,
        };
    }

    private ReportMember MemberOf(HospitalCohort cohort, ModelState model)
    {
        Evaluation federated = CohortScore.On(model, cohort);
        Evaluation? local = score.Local(cohort, cancellation) is { } own ? CohortScore.On(own, cohort) : null;
        return new ReportMember
        {
            Name = cohort.Name,
            TrainRows = cohort.Train.RowCount,
            TestRows = cohort.Test.RowCount,
            LocalAccuracy = local?.Accuracy,
            LocalAuc = local?.Auc,
            FederatedAccuracy = federated.Accuracy,
            FederatedAuc = federated.Auc,
        };
    }

    private ReportRound RoundOf(RoundVerdict verdict, RunProgress progress)
    {
        progress.Rounds.TryGetValue(verdict.Round, out RoundProgress? measured);
        ModelState? model = verdict.Phase == RecordedPhase.Finalized && archive.Objects.TryRead(verdict.Model, out byte[]? bytes)
            && ModelState.TryParse(bytes, out ModelState? read) ? read : null;
        Evaluation? evaluation = model is null ? null : score.OnAll(model);
        return new ReportRound
        {
            Number = verdict.Round.Value,
            Purpose = measured?.Purpose ?? "",
            Outcome = verdict.Phase switch { RecordedPhase.Finalized => "finalised", RecordedPhase.Failed => "failed", _ => "abandoned" },
            Participants = [.. verdict.Participants.Select(member => member.Name)],
            Exclusions = [.. verdict.Exclusions.Select(exclusion => new ReportExclusion(exclusion.Member.Name, exclusion.Reason.ToString()))],
            Seconds = measured?.Seconds ?? 0,
            ElapsedSeconds = measured?.ElapsedSeconds,
            Phases = [.. Enum.GetValues<RoundStep>().Select(step => new ReportPhase(NameOf(step), SecondsOf(measured, step)))],
            Traffic = measured is null ? [] : [.. Enum.GetValues<RoundStep>().Select(step => TrafficOf(measured, step, progress.Members.Count))],
            Accuracy = evaluation?.Accuracy,
            Auc = evaluation?.Auc,
            Members = model is null ? [] : [.. data.Cohorts.Select(cohort => MemberScore(model, cohort))],
            BytesPerMember = measured?.BytesPerMember ?? 0,
            LinkReports = [.. verdict.LinkReports.Select(ReportOf)],
            ModelHash = verdict.Model.ToString(),
            Transactions = [.. verdict.Steps.Select(step => "0x" + step.Transaction)],
        };
    }

    private static double? SecondsOf(RoundProgress? measured, RoundStep step) =>
        measured is not null && measured.StepSeconds.TryGetValue(step, out double seconds) ? seconds : null;

    private static ReportTraffic TrafficOf(RoundProgress measured, RoundStep step, int members)
    {
        (double fromMember, double toMember) = measured.MeanBytes(step, members);
        return new ReportTraffic(NameOf(step), fromMember, toMember);
    }

    private static ReportMemberScore MemberScore(ModelState model, HospitalCohort cohort)
    {
        Evaluation evaluation = CohortScore.On(model, cohort);
        return new ReportMemberScore(cohort.Name, evaluation.Accuracy, evaluation.Auc);
    }

    // Of the training rounds: the joint standardisation, where there is one, comes once and is short.
    private ReportLattice LatticeOf()
    {
        RoundPurpose purpose = RoundTask.PurposesOf(agreement.Task)[^1];
        KaheParameters lattice = KaheParameters.For(
            agreement.Members.Count, RoundTask.BitsPerValue(agreement.Task, purpose), RoundTask.ValueCount(agreement.Task, purpose));
        int limbs = purpose == RoundPurpose.WeightedAverage ? 1 : FixedPointQuantizer.Statistics.Limbs;
        return new ReportLattice(
            $"Z_q[X]/(X^{lattice.RingDegree} + 1)", lattice.ModulusBits, lattice.BitsPerValue, lattice.Lanes, lattice.BytesPerParameter * limbs,
            lattice.NoiseBound);
    }

    private ReportLedger LedgerOf(AuditReport audit) => new()
    {
        ChainId = agreement.Ledger.ChainId,
        Registry = agreement.Ledger.Registry.ToString(),
        Rounds = agreement.Ledger.Rounds.ToString(),
        DevelopmentChain = agreement.Ledger.DevelopmentChain,
        Blocks = audit.Blocks,
        Records = [.. audit.Rounds.SelectMany(round => round.Steps.Select(
            step => new ReportLedgerRecord(step.Block, round.Round.Value, step.Function, step.Party, "0x" + step.Transaction)))],
    };

    private static double? MeanOverRows(ReportMember[] members)
    {
        if (members.Any(member => member.LocalAccuracy is null))
            return null;
        double rows = members.Sum(member => (double)member.TestRows!);
        return members.Sum(member => member.LocalAccuracy * member.TestRows) / rows;
    }

    // The class is chosen on training rows, as a model's would be.
    private static double MajorityOf(IReadOnlyList<HospitalCohort> cohorts)
    {
        byte most = cohorts.SelectMany(cohort => cohort.Train.Labels.ToArray()).CountBy(label => label).MaxBy(count => count.Value).Key;
        byte[] test = [.. cohorts.SelectMany(cohort => cohort.Test.Labels.ToArray())];
        return (double)test.Count(label => label == most) / test.Length;
    }

    private static ReportScore ScoreOf(Evaluation evaluation) => new() { Accuracy = evaluation.Accuracy, Auc = evaluation.Auc };

    private static string NameOf(RoundStep step) => step.ToString().ToLower(CultureInfo.InvariantCulture);
}
