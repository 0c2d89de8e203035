using System.CommandLine;
using System.Globalization;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary><c>qf ledger members</c> and <c>qf ledger proposals</c>.</summary>
internal static class LedgerMembersCommand
{
    public static Command CreateMembers()
    {
        Option<ulong?> version = LedgerInput.Optional("--version-number", "As of this version of the registry. Default: the newest.", "NUMBER");
        var command = new Command("members", "The consortium's parties in the registry: role, status, keys.") { version };
        new LedgerOptions().SetAction(command, async (target, printer, parsed, cancellation) =>
        {
            RegistryHistory history = await target.Registry.ReadAsync(cancellation);
            RegistryState state = parsed.GetValue(version) is { } number
                ? history.At(number) ?? throw new UsageException($"The registry has no version {number}: the newest is {history.Current.Version}.")
                : history.Current;
            RegistryParty[] parties = [.. state.Parties.Values.OrderBy(party => party.Role).ThenBy(party => target.Parties.NameOf(party.Account), StringComparer.Ordinal)];
            printer.Print(
                $"Registry version {state.Version} of {history.Current.Version}. A change needs votes of at least {history.Rules.QuorumPercent} % of the active members and "
                + $"more than {history.Rules.ThresholdPercent} % of them for it, within {history.Rules.VotingPeriod.TotalHours:0} hours.\n\n"
                + TextTable.Of(
                    ["party", "role", "status", "since", "account", "record key", "sealing key"],
                    parties.Select(party => (IReadOnlyList<string>)
                    [
                        target.Parties.NameOf(party.Account), $"{party.Role}".ToLowerInvariant(), $"{party.Status}".ToLowerInvariant(), $"{party.Since}", party.Account.ToString(),
                        AuditText.Short(party.SigningKeyHash), party.SealingKeyHash.IsZero ? "-" : AuditText.Short(party.SealingKeyHash),
                    ])),
                new
                {
                    state.Version,
                    Newest = history.Current.Version,
                    history.Rules.QuorumPercent,
                    history.Rules.ThresholdPercent,
                    VotingSeconds = (long)history.Rules.VotingPeriod.TotalSeconds,
                    Parties = parties.Select(party => new
                    {
                        Name = target.Parties.NameOf(party.Account),
                        Account = party.Account.ToString(),
                        Role = party.Role.ToString(),
                        Status = party.Status.ToString(),
                        party.Since,
                        SigningKeyHash = party.SigningKeyHash.ToString(),
                        SealingKeyHash = party.SealingKeyHash.IsZero ? null : party.SealingKeyHash.ToString(),
                    }),
                });
            return ExitCode.Success;
        });
        return command;
    }

    public static Command CreateProposals()
    {
        var command = new Command("proposals", "What members proposed to change, with the votes.");
        new LedgerOptions().SetAction(command, async (target, printer, _, cancellation) =>
        {
            RegistryHistory history = await target.Registry.ReadAsync(cancellation);
            ulong now = (await target.Rounds.HeadAsync(cancellation)).Timestamp;
            printer.Print(
                history.Proposals.Length == 0 ? "Nothing has been proposed yet." : TextTable.Of(
                    ["proposal", "what", "by", "yes", "no", "of", "state"],
                    history.Proposals.Select(proposal =>
                    {
                        (int yes, int no, int of) = Votes(history, proposal);
                        return (IReadOnlyList<string>)
                        [
                            $"{proposal.Number}", ProposalText.Of(target.Parties, proposal.Change, proposal.Account, proposal.Role), target.Parties.NameOf(proposal.Proposer),
                            $"{yes}", $"{no}", $"{of}", State(proposal, now),
                        ];
                    })),
                history.Proposals.Select(proposal =>
                {
                    (int yes, int no, int of) = Votes(history, proposal);
                    return new
                    {
                        proposal.Number,
                        Change = proposal.Change.ToString(),
                        Party = target.Parties.NameOf(proposal.Account),
                        Account = proposal.Account.ToString(),
                        Role = proposal.Role?.ToString(),
                        SigningKeyHash = proposal.SigningKeyHash.IsZero ? null : proposal.SigningKeyHash.ToString(),
                        SealingKeyHash = proposal.SealingKeyHash.IsZero ? null : proposal.SealingKeyHash.ToString(),
                        Proposer = target.Parties.NameOf(proposal.Proposer),
                        proposal.Expires,
                        Yes = yes,
                        No = no,
                        ActiveMembers = of,
                        Votes = proposal.Votes.Select(vote => new { Voter = target.Parties.NameOf(vote.Voter), vote.Support }),
                        State = State(proposal, now),
                        proposal.Execution?.Version,
                        Transaction = "0x" + proposal.Step.TransactionHash,
                        ExecutedBy = proposal.Execution is { } executed ? target.Parties.NameOf(executed.By) : null,
                        Execution = proposal.Execution is null ? null : AcceptedProposal.Of(proposal).ToString(),
                    };
                }));
            return ExitCode.Success;
        });
        return command;
    }

    // Of a carried proposal the votes that carried it, of another those that count now.
    private static (int Yes, int No, int Of) Votes(RegistryHistory history, ProposalRecord proposal)
    {
        if (proposal.Execution is { } carried)
            return (carried.Yes, carried.No, carried.ActiveMembers);
        (int yes, int no) = proposal.Tally(history.Current);
        return (yes, no, history.Current.ActiveMembers.Count());
    }

    private static string State(ProposalRecord proposal, ulong now) =>
        proposal.Execution is { } carried ? string.Create(CultureInfo.InvariantCulture, $"carried, version {carried.Version}")
        : proposal.Expires < now ? "expired"
        : $"open until {LedgerTime.TextToTheMinute(proposal.Expires)}";
}
