namespace QuantumFed.Learning;

/// <summary>Something about the data that an operator should know before training.</summary>
/// <param name="Severity">Whether training may start.</param>
/// <param name="Hospital">The hospital concerned, or <see langword="null"/> for the consortium.</param>
/// <param name="Message">What was found, in one sentence.</param>
public sealed record CohortFinding(FindingSeverity Severity, string? Hospital, string Message)
{
    /// <summary>One line for an operator.</summary>
    public override string ToString() => Hospital is null ? Message : $"{Hospital}: {Message}";
}
