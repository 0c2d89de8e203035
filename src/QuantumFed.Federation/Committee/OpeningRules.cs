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
        return DifferencingRefusal(
            context.Agreement, new Opening(context.Plan.Round, closingDigest, context.Plan.PreviousModel, closing.Participants), opened);
    }

    /// <summary>Null if an opening may stand beside those before it; otherwise why not.</summary>
    /// <param name="agreement">The agreement, for the tolerated colluders.</param>
    /// <param name="opening">The opening.</param>
    /// <param name="opened">Those before it.</param>
    public static string? DifferencingRefusal(ConsortiumAgreement agreement, Opening opening, IEnumerable<Opening> opened)
    {
        foreach (Opening before in opened)
        {
            if (before.Round == opening.Round && before.Closing != opening.Closing)
                return $"Round {before.Round} was opened before, for another set.";
            if (before.Round != opening.Round && before.PreviousModel == opening.PreviousModel
                && !SafelyDifferent(before.Participants, opening.Participants, agreement.ToleratedColluders))
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
