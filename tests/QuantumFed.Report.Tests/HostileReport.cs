namespace QuantumFed.Report.Tests;

/// <summary>Reports whose every text tries to leave its place, and whose figures are none.</summary>
internal static class HostileReport
{
    /// <summary>Breaks out of elements, attributes, comments, CDATA and styles, and holds what XML forbids and what turns the reading direction.</summary>
    public const string Text = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>]]></style>--><svg onload=alert(1)>&lt;\0\u0007\u202E\uD800\uFFFF";

    /// <summary>A report with <see cref="Text"/> in every text.</summary>
    public static RunReport Everywhere()
    {
        RunReport sample = SampleReport.Complete(3);
        return sample with
        {
            Program = Text,
            CommandLine = Text,
            Notes = [Text],
            Simulated = [new ReportSimulation(Text, Text)],
            Dataset = Text,
            Columns = [new ReportColumn(Text, Text)],
            Classes = [Text],
            Model = new ReportModel { Kind = Text },
            Algorithm = Text,
            Settings = [new ReportSetting(Text, Text)],
            Standardise = Text,
            Members = [.. sample.Members.Select(member => member with { Name = Text + member.Name })],
            Rounds =
            [
                .. sample.Rounds.Select(round => round with
                {
                    Purpose = Text,
                    Outcome = Text,
                    Participants = [Text],
                    Exclusions = [new ReportExclusion(Text, Text)],
                    LinkReports = [new ReportLinkReport { Member = Text, Outcome = Text, Failure = Text, Detail = Text, Transaction = Text }],
                    Phases = [new ReportPhase(Text, 1), new ReportPhase("training", 2)],
                    Traffic = [new ReportTraffic(Text, 10, 20)],
                    Members = [new ReportMemberScore(Text, 0.5, null)],
                    ModelHash = Text,
                    Transactions = [Text],
                }),
            ],
            Channel = new ReportChannel(Text, Text, Text),
            Links = [new ReportLink { From = Text, To = Text, Protocol = Text, Group = Text, Signature = Text, Cipher = Text, Note = Text }],
            QuantumLinks = [new ReportQuantumLink { Member = Text, Simulated = true, Policy = Text, Eavesdropper = Text, Alarm = Text }],
            Visibility = [new ReportVisibility(Text, [Text], [Text])],
            Lattice = new ReportLattice(Text, 49, 16, 2, 3, 351),
            Ledger = new ReportLedger
            {
                ChainId = 1, Registry = Text, Rounds = Text, DevelopmentChain = false, Records = [new ReportLedgerRecord(1, null, Text, Text, Text)],
            },
            Audit = new ReportAudit { RoundsVerified = 0, Verified = false, Findings = [Text], Command = Text },
        };
    }

    /// <summary>The sample with a value in place of every figure.</summary>
    public static RunReport WithFigures(double value)
    {
        RunReport sample = SampleReport.Complete(3);
        var score = new ReportScore { Accuracy = value, Auc = value, Loss = value };
        return sample with
        {
            WallSeconds = value,
            L2 = value,
            MajorityAccuracy = value,
            BestAuc = value,
            Pooled = score,
            Local = score,
            Federated = score,
            Members =
            [
                .. sample.Members.Select(member => member with
                {
                    TrainRows = int.MaxValue, TestRows = int.MaxValue, LocalAccuracy = value, LocalAuc = value, FederatedAccuracy = value, FederatedAuc = value,
                }),
            ],
            Rounds =
            [
                .. sample.Rounds.Select(round => round with
                {
                    Number = ulong.MaxValue,
                    Seconds = value,
                    ElapsedSeconds = value,
                    Phases = [new ReportPhase("training", value)],
                    Traffic = [new ReportTraffic("upload", value, value)],
                    Accuracy = value,
                    Auc = value,
                    Loss = value,
                    Members = [new ReportMemberScore("north", value, value)],
                    BytesPerMember = value,
                }),
            ],
            QuantumLinks =
            [
                .. sample.QuantumLinks.Select(link => link with
                {
                    DistanceKm = value, Qber = value, BlocksDelivered = long.MaxValue, BlocksAborted = long.MinValue, KeysUsed = -1,
                }),
            ],
            Lattice = sample.Lattice! with { BytesPerParameter = value },
        };
    }
}
