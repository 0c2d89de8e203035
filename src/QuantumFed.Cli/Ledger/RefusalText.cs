namespace QuantumFed.Cli;

/// <summary>What a refusal of the contracts means to whoever took the step.</summary>
internal static class RefusalText
{
    /// <summary>Words for a contract's error; null where its own name has to do.</summary>
    public static string? Of(string? errorName) => errorName switch
    {
        "NotActiveMember" => "Only an active member may do that; another active party may propose new keys of its own.",
        "NotActiveParty" => "Only an active party may do that.",
        "NotOfConsortium" => "Only the coordinator or an active member may do that.",
        "UnknownParty" => "The registry has no such party: see qf ledger members.",
        "UnknownProposal" => "There is no such proposal: see qf ledger proposals.",
        "WrongStatus" => "The party is not in the state for that (a suspended party is reinstated, an active one suspended): see qf ledger members.",
        "NothingChanges" => "The party has that role or those keys already: see qf ledger members.",
        "CoordinatorPresent" => "There is an active coordinator, and there is only one at a time: suspend it or give it another role first.",
        "LastMember" => "It is the last active member: without one nothing could be decided any more.",
        "AccountRepeated" => "That account belongs to a party already, perhaps a suspended one, which can be reinstated.",
        "KeyRepeated" => "That record key has been used in this registry before: every record key is new.",
        "AlreadyVoted" => "This party has voted on that proposal, and a vote cannot be changed.",
        "AlreadyExecuted" => "That proposal has been executed.",
        "Expired" => "The time to vote on that proposal is over: propose it anew.",
        "AlreadyRecorded" => "This party has recorded those minutes before: see qf ledger ceremony list.",
        _ => null,
    };
}
