namespace QuantumFed.Report.Tests;

/// <summary>A made-up run with every field filled, and its variants.</summary>
internal static class SampleReport
{
    private static readonly string[] Names = ["north", "riverside", "st-anne", "lakeside"];
    private static readonly string[] Steps = ["openRound", "commitUpdate", "freezeCommitments", "closeRound", "finalizeRound", "attest"];

    private static readonly double[] LocalAccuracies = [0.7477, 0.7308, 0.7786, 0.7045];
    private static readonly double[] FederatedAccuracies = [0.7690, 0.7644, 0.7710, 0.7841];

    /// <summary>Twelve rounds of a small neural network by FedProx, as a stranger's own table would give.</summary>
    public static RunReport Complete(int rounds = 12) => new()
    {
        GeneratedAt = new DateTimeOffset(2026, 11, 21, 9, 30, 0, TimeSpan.Zero),
        Program = "QuantumFed 0.1.0",
        CommandLine = "./qf demo --csv discharges.csv --label readmitted --model mlp --algorithm fedprox",
        WallSeconds = 61.4,
        Notes = ["Sample data: every figure on this page was made up to show its layout."],
        Simulated =
        [
            new ReportSimulation("Data", "The hospitals are parts of one table on one machine."),
            new ReportSimulation("Ledger", "A development chain on one machine. Its operator could have rewritten it."),
            new ReportSimulation("Quantum link", "Keys come from a simulated link."),
        ],
        Dataset = "discharges.csv",
        Synthetic = false,
        Columns =
        [
            new ReportColumn("age", "number, standardised"), new ReportColumn("ward", "one column a value (5)"),
            new ReportColumn("patient_id", "left out: an identifier"), new ReportColumn("readmitted", "label"),
        ],
        Classes = ["no", "yes"],
        Model = new ReportModel { Kind = "mlp", HiddenLayers = [32, 16], Parameters = 977, Features = 12 },
        Algorithm = "fedprox",
        Settings = [new ReportSetting("local epochs", "2"), new ReportSetting("learning rate", "0.05"), new ReportSetting("mu", "0.01"), new ReportSetting("clip", "1.0")],
        Standardise = "federated",
        Seed = 1,
        L2 = 1,
        Members =
        [
            .. Names.Select((name, i) => new ReportMember
            {
                Name = name,
                TrainRows = 660 - (i * 110),
                TestRows = 329 - (i * 55),
                LocalAccuracy = LocalAccuracies[i],
                LocalAuc = LocalAccuracies[i] + 0.031,
                FederatedAccuracy = FederatedAccuracies[i],
                FederatedAuc = FederatedAccuracies[i] + 0.052,
            }),
        ],
        Pooled = new ReportScore { Accuracy = 0.7713, Auc = 0.8226, Loss = 0.4811 },
        Local = new ReportScore { Accuracy = 0.7429, Auc = 0.7713, Loss = 0.5567 },
        Federated = new ReportScore { Accuracy = Accuracy(rounds - 1, rounds), Auc = 0.8229, Loss = 0.4815 },
        MajorityAccuracy = 0.6312,
        Rounds = [.. Enumerable.Range(0, rounds).Select(round => Round(round, rounds))],
        Channel = new ReportChannel("TLSv1.3", "X25519MLKEM768", "mldsa65"),
        Links =
        [
            .. Names.Select(name => new ReportLink
            {
                From = name, To = "coordinator", Protocol = "TLSv1.3", Group = "X25519MLKEM768", Signature = "mldsa65", Cipher = "TLS_AES_256_GCM_SHA384",
                Note = "update chunks sealed end to end as well",
            }),
            new ReportLink { From = "coordinator", To = "ledger", Protocol = "HTTP", Note = "loopback; not encrypted; records are signed" },
        ],
        QuantumLinks =
        [
            .. Names.Select((name, i) => new ReportQuantumLink
            {
                Member = name,
                Policy = i == 3 ? "require" : "allow-pq-only",
                Simulated = true,
                DistanceKm = 12.5 + (10 * i),
                Eavesdropper = i == 1 ? "intercept-resend on every pulse" : null,
                BlocksDelivered = i == 1 ? 2 : 2 + rounds,
                BlocksAborted = i == 1 ? 3 : 0,
                Qber = i == 1 ? 0.2665 : 0.0331 + (0.0002 * i),
                KeysUsed = i == 1 ? 1 : rounds,
                Alarm = i == 1 ? "3 blocks aborted in a row, the last at a QBER of 26.6 %." : null,
            }),
        ],
        Visibility =
        [
            new ReportVisibility("Coordinator", ["who took part, and when", "the size of every update", "the sum over all members and the models"],
                ["any hospital's rows", "any single update", "any decryption key"]),
            new ReportVisibility("Another hospital", ["the models and the sums", "shares of keys, sealed to it"], ["any hospital's rows but its own", "any update but its own"]),
            new ReportVisibility("Regulator", ["every record on the ledger", "ciphertexts, sums and models in the archive"], ["rows", "single updates"]),
            new ReportVisibility("Ledger validators", ["digests, signatures and times"], ["models", "updates"]),
        ],
        Lattice = new ReportLattice("Z_q[X]/(X^2048 + 1)", 49, 16, 2, 3.0625, 351),
        Ledger = new ReportLedger
        {
            ChainId = 20260,
            Registry = "0x13e6bfecac7fdc2a38cded2f64a5bd53b43f60bc",
            Rounds = "0x77cbea0bf3350876ea7f0793fe5102acb17c2b1f",
            DevelopmentChain = true,
            Blocks = 9 + (rounds * 6),
            Records =
            [
                .. Enumerable.Range(0, rounds).SelectMany(round => Steps.Select((step, i) => new ReportLedgerRecord(
                    (ulong)(9 + (round * 6) + i), (ulong)round, step, step is "commitUpdate" or "attest" ? Names[round % 4] : "coordinator", Hash("0x", (round * 8) + i)))),
            ],
        },
        Audit = new ReportAudit { RoundsVerified = rounds, Verified = true, Command = "./qf audit verify quantumfed-demo/public" },
    };

    /// <summary>Only what must be there.</summary>
    public static RunReport Bare() => new() { Dataset = "none", Synthetic = false, Algorithm = "newton" };

    /// <summary>A file beside the tests.</summary>
    public static string File(string name) => Path.Combine(AppContext.BaseDirectory, "Samples", name);

    private static ReportRound Round(int round, int rounds)
    {
        double accuracy = Accuracy(round, rounds);
        return new ReportRound
        {
            Number = (ulong)round,
            Purpose = round == 0 ? "Moments" : "Average",
            Outcome = "finalised",
            Participants = round == 5 ? [.. Names.Take(3)] : Names,
            Exclusions = round == 5 ? [new ReportExclusion("lakeside", "did not deliver before the deadline")] : [],
            LinkReports = round is 1 or 4 ? [NoKey(round)] : [],
            Seconds = 3.1 + (0.7 * Wave(round, 3)),
            ElapsedSeconds = 5.2 + (4.1 * round) + Wave(round, 2),
            Phases =
            [
                new ReportPhase("keys", 0.31 + (0.1 * Wave(round, 1))), new ReportPhase("training", 1.2 + (0.5 * Wave(round, 2))),
                new ReportPhase("upload", 0.4 + (0.1 * Wave(round, 3))), new ReportPhase("shares", 0.35), new ReportPhase("opening", 0.22),
                new ReportPhase("finalising", 0.41 + (0.1 * Wave(round, 4))), new ReportPhase("replay", 0.2),
            ],
            Traffic =
            [
                new ReportTraffic("keys", 4312, 15210), new ReportTraffic("training", 0, 8120), new ReportTraffic("upload", 57139 + round, 1210),
                new ReportTraffic("shares", 34820, 34805), new ReportTraffic("opening", 8230, 2105), new ReportTraffic("replay", 940, 62004),
            ],
            Accuracy = accuracy,
            Auc = accuracy + 0.051,
            Loss = 0.95 - (0.6 * accuracy),
            Members = [.. Names.Select((name, i) => new ReportMemberScore(name, Math.Min(1, accuracy + (0.01 * (i - 1.5))), accuracy + 0.04))],
            BytesPerMember = 57139 + round,
            ModelHash = Hash("", round + 40),
            Transactions = [.. Steps.Select((_, i) => Hash("0x", (round * 8) + i))],
        };
    }

    private static ReportLinkReport NoKey(int round) => new()
    {
        Member = round == 4 ? "lakeside" : "riverside",
        Outcome = round == 4 ? "withheld" : "downgraded",
        Failure = round == 4 ? "Unreachable" : "LinkAlarm",
        StoredKeys = round == 4 ? null : 0,
        Detail = round == 4 ? "connection refused" : "link alarm: QBER 26.6 %",
        Transaction = Hash("0x", (round * 8) + 7),
    };

    private static double Accuracy(int round, int rounds) => Math.Round(0.7705 - (0.19 * Math.Exp(-6.0 * round / rounds)) + (0.004 * Wave(round, 5)), 4);

    // Rounded, because the last bits of a sine are the machine's own, and the golden file must not depend on them.
    private static double Wave(int round, int kind) => Math.Round(Math.Sin((round + 1) * kind * 1.7), 3);

    private static string Hash(string prefix, int number) =>
        prefix + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(number)));
}
