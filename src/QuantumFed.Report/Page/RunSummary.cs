namespace QuantumFed.Report;

/// <summary>What the report says in short; the sections draw on it.</summary>
internal sealed class RunSummary
{
    private const int MostRounds = 120;

    public RunSummary(RunReport report)
    {
        Report = report;
        ReportRound[] rounds = [.. report.Rounds.OrderBy(round => round.Number)];
        Rounds = Sample<ReportRound>.Spread(rounds, MostRounds, "rounds");
        Scored = ScoredOf(Rounds.Shown);
        Final = rounds.LastOrDefault(round => Measured.Fraction(round.Accuracy) is not null);
        Pooled = Measured.Fraction(report.Pooled?.Accuracy);
        Local = Measured.Fraction(report.Local?.Accuracy) ?? MeanOverRows(report.Members);
        Federated = Measured.Fraction(report.Federated?.Accuracy) ?? Measured.Fraction(Final?.Accuracy);
    }

    public RunReport Report { get; }

    /// <summary>The rounds that the page shows.</summary>
    public Sample<ReportRound> Rounds { get; }

    /// <summary>The shown rounds whose model was scored, to be drawn. The model after a joint standardisation is untrained: of rare labels it calls every row
    /// wrongly, and its point would flatten all others. It is drawn only where there is no other.</summary>
    public IReadOnlyList<ReportRound> Scored { get; }

    /// <summary>What must be said of a model that was scored and is not drawn; null if there is none.</summary>
    public string? UntrainedNote => Rounds.Shown.FirstOrDefault(IsUntrained) is { } round && !Scored.Contains(round)
        ? $"Not drawn: round {round.Number}, the joint standardisation, whose untrained model has {Wording.ExactPercent(round.Accuracy)}."
        : null;

    /// <summary>The last round whose model was scored.</summary>
    public ReportRound? Final { get; }

    /// <summary>Accuracy of the pooled model.</summary>
    public double? Pooled { get; }

    /// <summary>Mean accuracy of the hospitals' own models, each on its own test rows, by test rows.</summary>
    public double? Local { get; }

    /// <summary>Accuracy of the last federated model.</summary>
    public double? Federated { get; }

    /// <summary>What was trained, in words: "logistic regression".</summary>
    public string ModelInWords => Report.Model?.Kind switch
    {
        "logistic" => "logistic regression",
        "softmax" => "softmax regression",
        "mlp" => "neural network",
        "opaque" => "model that only its own trainer understands",
        null => "model",
        { } other => other,
    };

    /// <summary>The name of the algorithm as its literature writes it.</summary>
    public string AlgorithmInWords => Report.Algorithm.ToLowerInvariant() switch
    {
        "newton" => "Newton-Raphson on summed statistics",
        "fedavg" => "FedAvg",
        "fedprox" => "FedProx",
        "fedadam" => "FedAdam",
        "fedyogi" => "FedYogi",
        "scaffold" => "SCAFFOLD",
        _ => Report.Algorithm,
    };

    /// <summary>The lines that charts compare with, those that were measured.</summary>
    public IReadOnlyList<ReferenceLine> References
    {
        get
        {
            List<ReferenceLine> lines = [];
            if (Pooled is { } pooled)
                lines.Add(new ReferenceLine("Pooled model", pooled, "pooled"));
            if (Local is { } local)
                lines.Add(new ReferenceLine("Local-only models, mean", local, "local"));
            return lines;
        }
    }

    /// <summary>Parts that were simulated or are for development only; null if nobody recorded it and nothing else tells.</summary>
    public IReadOnlyList<ReportSimulation>? Simulated
    {
        get
        {
            List<ReportSimulation> parts = [.. Report.Simulated ?? []];
            if (Report.Synthetic && !parts.Exists(part => IsNamed(part, "data")))
                parts.Add(new ReportSimulation("Data", "The rows were generated. They describe no patient."));
            if (Report.Ledger is { DevelopmentChain: true } && !parts.Exists(part => IsNamed(part, "ledger")))
                parts.Add(new ReportSimulation("Ledger", "A development chain on one machine. Its operator could have rewritten it."));
            return parts.Count == 0 && Report.Simulated is null ? null : parts;
        }
    }

    private static ReportRound[] ScoredOf(IReadOnlyList<ReportRound> rounds)
    {
        ReportRound[] scored = [.. rounds.Where(round => Measured.Fraction(round.Accuracy) is not null)];
        ReportRound[] trained = [.. scored.Where(round => !IsUntrained(round))];
        return trained.Length > 0 ? trained : scored;
    }

    private static bool IsUntrained(ReportRound round) => round.Purpose == "Moments" && Measured.Fraction(round.Accuracy) is not null;

    private static bool IsNamed(ReportSimulation part, string name) => part.Part.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static double? MeanOverRows(IReadOnlyList<ReportMember> members)
    {
        if (members.Count == 0 || members.Any(member => member.TestRows is not > 0 || Measured.Fraction(member.LocalAccuracy) is null))
            return null;
        return members.Sum(member => member.LocalAccuracy!.Value * member.TestRows!.Value) / members.Sum(member => (double)member.TestRows!.Value);
    }
}
