using QuantumFed.Learning;

namespace QuantumFed.Federation;

/// <summary>What replaying a round gave.</summary>
/// <param name="Findings">What does not hold; empty if the round verifies.</param>
/// <param name="Model">The model after the round, as replayed; the one before, where the round failed; null where the findings leave none.</param>
public sealed record ReplayResult(IReadOnlyList<ReplayFinding> Findings, ModelState? Model)
{
    /// <summary>Whether everything holds.</summary>
    public bool Verified => Findings.Count == 0 && Model is not null;
}
