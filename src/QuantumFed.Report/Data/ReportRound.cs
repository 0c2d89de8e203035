using System.Text.Json.Serialization;

namespace QuantumFed.Report;

/// <summary>A round on the ledger, abandoned and failed ones included.</summary>
public sealed record ReportRound
{
    /// <summary>Its number on the ledger, from 0.</summary>
    [JsonPropertyName("round")]
    public required ulong Number { get; init; }

    /// <summary><c>Moments</c> (joint standardisation), <c>NewtonStep</c>, or another; empty if the round was not finalised.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>How it ended: <c>finalised</c>, <c>failed</c> or <c>abandoned</c>; null if unknown.</summary>
    public string? Outcome { get; init; }

    /// <summary>Members in the opened sum, by name.</summary>
    public IReadOnlyList<string> Participants { get; init; } = [];

    /// <summary>Members left out, with the reason.</summary>
    public IReadOnlyList<ReportExclusion> Exclusions { get; init; } = [];

    /// <summary>Members whose quantum link gave them no key, by name.</summary>
    public IReadOnlyList<ReportLinkReport> LinkReports { get; init; } = [];

    /// <summary>Seconds from asking for round keys to the finalisation on the ledger; 0 or null if not finalised.</summary>
    public double? Seconds { get; init; }

    /// <summary>Seconds from the start of the run to the end of this round.</summary>
    public double? ElapsedSeconds { get; init; }

    /// <summary>Time by phase, in the order of the phases.</summary>
    public IReadOnlyList<ReportPhase> Phases { get; init; } = [];

    /// <summary>Bytes by phase, in the order of the phases.</summary>
    public IReadOnlyList<ReportTraffic> Traffic { get; init; } = [];

    /// <summary>Accuracy over all test rows, of the model after this round.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Area under the ROC curve over all test rows, of the model after this round.</summary>
    public double? Auc { get; init; }

    /// <summary>Mean loss of a test row in nats, of the model after this round.</summary>
    public double? Loss { get; init; }

    /// <summary>The same model on each hospital's test rows.</summary>
    public IReadOnlyList<ReportMemberScore> Members { get; init; } = [];

    /// <summary>Mean upload of one update in bytes, under the payload seal.</summary>
    public double? BytesPerMember { get; init; }

    /// <summary>Digest of the model after the round, as on the ledger: 64 hexadecimal digits; zeros if none.</summary>
    public string? ModelHash { get; init; }

    /// <summary>The round's transactions by block, each beginning with 0x.</summary>
    public IReadOnlyList<string> Transactions { get; init; } = [];
}
