namespace QuantumFed.Protocol;

/// <summary>When a proposal of the members is carried. Fixed for a federation when its contracts are deployed.</summary>
/// <param name="QuorumPercent">Of the active members, at least so many must have voted: 1 to 100.</param>
/// <param name="ThresholdPercent">Of the active members, more than so many must have voted yes: 50 to 99.</param>
/// <param name="VotingPeriod">How long a proposal can be voted on and executed: an hour to 365 days, in whole seconds.</param>
public sealed record VotingRules(int QuorumPercent, int ThresholdPercent, TimeSpan VotingPeriod)
{
    /// <summary>Half of the members vote, more than 66 percent (two thirds, for most numbers) say yes, within two weeks.</summary>
    public static VotingRules Default { get; } = new(50, 66, TimeSpan.FromDays(14));

    /// <summary>Whether the contract takes them.</summary>
    public bool AreInRange =>
        QuorumPercent is >= 1 and <= 100 && ThresholdPercent is >= 50 and <= 99
        && VotingPeriod >= TimeSpan.FromHours(1) && VotingPeriod <= TimeSpan.FromDays(365) && VotingPeriod.Ticks % TimeSpan.TicksPerSecond == 0;

    /// <summary>Whether so many votes of so many active members are enough: what the registry decides when a proposal is executed.</summary>
    public bool AreMet(int yes, int no, int activeMembers) =>
        (yes + no) * 100 >= activeMembers * QuorumPercent && yes * 100 > activeMembers * ThresholdPercent;
}
