using System.CommandLine;
using System.Globalization;
using System.Text;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary><c>qf ledger status</c>.</summary>
internal static class LedgerStatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "Whether the ledger answers, is the one agreed on, and how far it has come. Exit code 6 if it does not answer, or is another.");
        new LedgerOptions().SetAction(command, async (target, printer, _, cancellation) =>
        {
            // A path may be a secret: hosted nodes put their keys there.
            string node = target.Client.Endpoint.GetLeftPart(UriPartial.Authority);
            LedgerHead head = await target.Rounds.HeadAsync(cancellation);
            Digest genesis = await target.Rounds.GenesisHashAsync(cancellation);
            ulong next = await target.Rounds.NextRoundAsync(cancellation);
            Digest model = await target.Rounds.CurrentModelHashAsync(cancellation);
            RegistryHistory registry = await target.Registry.ReadAsync(cancellation);
            RoundRecord? last = next == 0 ? null : await target.Rounds.ReadRoundAsync(new RoundId(next - 1), cancellation);
            int active = registry.Current.ActiveMembers.Count(), open = OpenProposals(registry, head.Timestamp);
            string coordinator = registry.Current.Coordinator is { } account ? target.Parties.NameOf(account.Account) : "none is active";
            var text = new StringBuilder();
            void Line(string name, string value) => text.AppendLine(CultureInfo.InvariantCulture, $"{name,-12}  {value}");
            Line("node", node);
            Line("chain", $"{target.Deployment.ChainId}{(target.Agreement.Ledger.DevelopmentChain ? ", a development chain: its operator could rewrite it" : "")}");
            Line("genesis", "0x" + genesis);
            Line("head", $"block {head.BlockNumber} of {LedgerTime.Text(head.Timestamp)}, 0x{head.Hash}");
            Line("contracts", $"registry {target.Deployment.Registry}, rounds {target.Deployment.Rounds}: code and founding as agreed");
            Line("registry", $"version {registry.Current.Version}, {active} active members, coordinator {coordinator}, {open} open proposals");
            Line("rounds", last is null ? "none yet" : $"{next}, the last {last.Phase.ToString().ToLowerInvariant()}");
            text.Append(CultureInfo.InvariantCulture, $"{"model",-12}  {model}");
            printer.Print(text.ToString(), new
            {
                Node = node,
                target.Deployment.ChainId,
                target.Agreement.Ledger.DevelopmentChain,
                Genesis = "0x" + genesis,
                Head = new { Number = head.BlockNumber, Hash = "0x" + head.Hash, head.Timestamp },
                Registry = new
                {
                    Account = target.Deployment.Registry.ToString(), registry.Current.Version, ActiveMembers = active, Coordinator = coordinator, OpenProposals = open,
                },
                Rounds = new { Account = target.Deployment.Rounds.ToString(), Next = next, LastPhase = last?.Phase.ToString() },
                Model = model.ToString(),
            });
            return ExitCode.Success;
        });
        return command;
    }

    private static int OpenProposals(RegistryHistory registry, ulong now) =>
        registry.Proposals.Count(proposal => proposal.Execution is null && proposal.Expires >= now);
}
