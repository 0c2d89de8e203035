using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Ledger;

/// <summary>The proposals that one party, or one auditor, accepts by hand; each number once. Immutable.</summary>
public sealed class AcceptedProposals
{
    private AcceptedProposals(ImmutableArray<AcceptedProposal> all) => All = all;

    /// <summary>None: what is not decided by signatures is not acted on.</summary>
    public static AcceptedProposals None { get; } = new([]);

    /// <summary>All of them, as they were given.</summary>
    public ImmutableArray<AcceptedProposal> All { get; }

    /// <summary>Reads entries of the form <c>NUMBER:0xHASH</c> that were asked for failures before.</summary>
    /// <exception cref="FormatException">There are failures.</exception>
    public static AcceptedProposals Parse(IEnumerable<string?> entries) =>
        TryParse(entries, out AcceptedProposals? accepted, out ImmutableArray<string> failures) ? accepted : throw new FormatException(string.Join("; ", failures));

    /// <summary>Reads entries of the form <c>NUMBER:0xHASH</c>.</summary>
    /// <param name="entries">The entries; an entry may be null, which is a failure.</param>
    /// <param name="accepted">What they name.</param>
    /// <param name="failures">Every entry that is none or names a proposal again, as part of a sentence.</param>
    public static bool TryParse(IEnumerable<string?> entries, [NotNullWhen(true)] out AcceptedProposals? accepted, out ImmutableArray<string> failures)
    {
        ArgumentNullException.ThrowIfNull(entries);
        List<string> wrong = [];
        List<AcceptedProposal> all = [];
        foreach (string? entry in entries)
        {
            if (!AcceptedProposal.TryParse(entry, out AcceptedProposal one))
                wrong.Add($"'{entry}' is not NUMBER:0xHASH, a proposal's number and the 64 hexadecimal digits of the transaction that executed it");
            else if (all.Exists(other => other.Number == one.Number))
                wrong.Add($"proposal {one.Number} is named twice");
            else
                all.Add(one);
        }
        failures = [.. wrong];
        accepted = wrong.Count == 0 ? new AcceptedProposals([.. all]) : null;
        return accepted is not null;
    }

    /// <summary>Whether this proposal, executed by this transaction, is among them.</summary>
    public bool Includes(ProposalRecord executed) => All.Contains(AcceptedProposal.Of(executed));

    /// <summary>Those whose proposal another transaction executed: a slip, or not the chain that people spoke of.</summary>
    public IEnumerable<(AcceptedProposal Entry, ProposalRecord Proposal)> OfOtherTransactions(RegistryHistory history) =>
        from entry in All
        let proposal = history.Find(entry.Number)
        where proposal?.Execution is not null && AcceptedProposal.Of(proposal) != entry
        select (entry, proposal);

    /// <summary>Those whose proposal was not executed, or not made.</summary>
    public IEnumerable<AcceptedProposal> NotExecuted(RegistryHistory history) => All.Where(entry => history.Find(entry.Number)?.Execution is null);
}
