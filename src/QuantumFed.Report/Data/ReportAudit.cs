namespace QuantumFed.Report;

/// <summary>The result of the audit.</summary>
public sealed record ReportAudit
{
    /// <summary>Rounds that hold.</summary>
    public required int RoundsVerified { get; init; }

    /// <summary>Whether everything holds.</summary>
    public required bool Verified { get; init; }

    /// <summary>What does not hold, as <c>subject: problem</c>.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>The command that repeats the audit; null if unknown.</summary>
    public string? Command { get; init; }
}
