using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>When a committee member may open a set: the promise that only sums over enough members are ever seen.</summary>
public static class OpeningRules
{
    /// <summary>Null if the opening is permitted; otherwise why not.</summary>
    /// <param name="context">The round.</param>
    /// <param name="ledger">The round as this member reads it from the ledger itself.</param>
    /// <param name="closing">The set the coordinator asks for.</param>
    /// <param name="closingDigest">Digest of its body.</param>
    /// <param name="opened">What this member opened before.</param>
    public static string? Refusal(
        RoundContext context, RecordedRound ledger, RoundClosing closing, Digest closingDigest, IReadOnlyList<Opening> opened)
    {
        if (ledger.Phase is not (RecordedPhase.Closed or RecordedPhase.Finalized or RecordedPhase.Failed))
            return $"The ledger has not closed round {ledger.Round}.";
        if (ledger.Plan != context.PlanDigest || ledger.Closing != closingDigest
            || !ledger.Participants.SequenceEqual(closing.Participants) || !ledger.Exclusions.SequenceEqual(closing.Exclusions))
            return "The set is not the one that the ledger records for this round.";
        int enough = Math.Max(context.Agreement.MinParticipants, context.Plan.MinParticipants);
        if (closing.Participants.Count < enough)
            return $"The set has {closing.Participants.Count} members; at least {enough} are needed.";
        foreach (Opening before in opened)
        {
            if (before.Round == context.Plan.Round && before.Closing != closingDigest)
                return $"Round {before.Round} was opened before, for another set.";
            if (before.Round != context.Plan.Round && before.PreviousModel == context.Plan.PreviousModel
                && !SafelyDifferent(before.Participants, closing.Participants, context.Agreement.ToleratedColluders))
                return $"Together with the opening of round {before.Round} on the same model, this sum would single out too few members.";
        }
        return null;
    }

    // Differencing: of two openings of one statistic, S \ S' and S' \ S must each be empty or hold at least k + 3 members.
    private static bool SafelyDifferent(IReadOnlyList<MemberId> first, IReadOnlyList<MemberId> second, int colluders)
    {
        int onlyFirst = first.Except(second).Count();
        int onlySecond = second.Except(first).Count();
        return (onlyFirst == 0 || onlyFirst >= colluders + 3) && (onlySecond == 0 || onlySecond >= colluders + 3);
    }
}
