using System.CommandLine;
using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary><c>qf ledger propose</c>.</summary>
internal static class LedgerProposeCommand
{
    public static Command Create() =>
        new("propose", "Propose a change of the registry. A member's proposal has its own vote; the others vote with qf ledger vote. A change counts for the rounds opened "
            + "after it is executed, and never for those before.")
        {
            OfParty("suspend", "Suspend a party: it takes no part in rounds opened from then on. What it did before stands.", RegistryChange.Suspend),
            OfParty("reinstate", "Reinstate a suspended party.", RegistryChange.Reinstate),
            SetRole(),
            Admit(),
            SetKeys(),
        };

    private static Command OfParty(string name, string description, RegistryChange change)
    {
        Argument<string> party = Party();
        var command = new Command(name, description) { party };
        SetAction(command, (target, parsed) => new Proposed(change, Find(target, parsed.GetRequiredValue(party)), null, default, default));
        return command;
    }

    private static Command SetRole()
    {
        Argument<string> party = Party();
        Option<PartyRole> role = Role();
        var command = new Command("role", "Give an active party another role.") { party, role };
        SetAction(command, (target, parsed) => new Proposed(
            RegistryChange.SetRole, Find(target, parsed.GetRequiredValue(party)), parsed.GetRequiredValue(role), default, default));
        return command;
    }

    private static Command Admit()
    {
        var account = new Argument<string>("ACCOUNT") { Description = "The new party's ledger account, 0x and 40 digits." };
        Option<PartyRole> role = Role();
        Option<string?> signing = SigningKey();
        signing.Required = true;
        Option<string?> sealing = SealingKey();
        var command = new Command("admit", "Admit a new party, with its record key. A new member takes part once a new agreement names it; until then no round "
            + "is opened.") { account, role, signing, sealing };
        SetAction(command, (_, parsed) => new Proposed(
            RegistryChange.Admit,
            EthereumAddress.TryParse(parsed.GetRequiredValue(account), out EthereumAddress address)
                ? address : throw new UsageException($"'{NodeEvent.OneLine(parsed.GetRequiredValue(account))}' is not an account: 0x and 40 hexadecimal digits."),
            parsed.GetRequiredValue(role), ReadSigning(parsed.GetRequiredValue(signing)!), ReadSealing(parsed.GetValue(sealing))));
        return command;
    }

    private static Command SetKeys()
    {
        var party = new Argument<string?>("PARTY") { Description = "The party: a name of the agreement, or an account. Default: your own.", Arity = ArgumentArity.ZeroOrOne };
        var fresh = new Option<bool>("--new") { Description = "Make a new record key in your party's folder and propose it. The old one stays, for rounds opened before." };
        Option<string?> signing = SigningKey(), sealing = SealingKey();
        var command = new Command("keys", "Replace a party's record key, its sealing key, or both. Every party may propose new keys of its own.") { party, fresh, signing, sealing };
        SetAction(command, (target, parsed) =>
        {
            EthereumAddress account = parsed.GetValue(party) is { } name ? Find(target, name) : OwnAccount(target);
            (bool makes, string? file) = (parsed.GetValue(fresh), parsed.GetValue(signing));
            if ((makes && file is not null) || (!makes && file is null && parsed.GetValue(sealing) is null))
                throw new UsageException("Give the new keys: --new to make a record key or --signing-key FILE with one, --sealing-key FILE, or both.");
            ReadOnlyMemory<byte> sealedTo = ReadSealing(parsed.GetValue(sealing));
            return new Proposed(
                RegistryChange.SetKeys, account, null, file is not null ? ReadSigning(file) : makes ? MakeKey(target, account) : default, sealedTo, KeepsOthers: true);
        });
        return command;
    }

    private static void SetAction(Command command, Func<LedgerTarget, ParseResult, Proposed> read) =>
        new LedgerOptions(acts: true).SetAction(command, async (target, printer, parsed, cancellation) =>
        {
            PartyFolder folder = target.RequireParty();
            using LedgerAccount account = target.OpenAccount();
            Proposed proposed = await CompletedAsync(target, read(target, parsed), cancellation);
            using RegistryVoting voting = RegistryVoting.Create(target.Agreement, target.Client, folder, account, TimeProvider.System, target.Confirmations);
            ulong number = await voting.ProposeAsync(
                proposed.Change, proposed.Account, proposed.Role, proposed.SigningKey, proposed.SealingKey, cancellation);
            bool carried = await voting.TryExecuteAsync(number, cancellation);
            string what = ProposalText.Of(target.Parties, proposed.Change, proposed.Account, proposed.Role);
            printer.Print(
                $"Proposal {number}: {what}. "
                + (carried ? "Its votes are enough, and it is executed." : $"The other members vote with: qf ledger vote {number} --yes --settings FILE"),
                new { Number = number, Change = proposed.Change.ToString(), Account = proposed.Account.ToString(), Executed = carried });
            return ExitCode.Success;
        });

    // A key that is not given stays as it is: only the bytes that the ledger or the agreement holds can be proposed again.
    private static async Task<Proposed> CompletedAsync(LedgerTarget target, Proposed proposed, CancellationToken cancellation)
    {
        if (!proposed.KeepsOthers || (await target.Registry.ReadAsync(cancellation)).Current.Find(proposed.Account) is not { } party)
            return proposed;
        return proposed with
        {
            SigningKey = proposed.SigningKey.IsEmpty && target.Parties.TryGetKey(party, out VerificationKey? key) ? key.ToArray() : proposed.SigningKey,
            SealingKey = !proposed.SealingKey.IsEmpty || party.SealingKeyHash.IsZero ? proposed.SealingKey
                : !party.SealingKey.IsEmpty ? party.SealingKey
                : target.Agreement.Coordinator.PayloadKey,
        };
    }

    private static EthereumAddress Find(LedgerTarget target, string party) => target.Parties.TryFind(party, out EthereumAddress account)
        ? account
        : throw new UsageException($"'{NodeEvent.OneLine(party)}' is neither a party of the agreement nor an account. The agreement has: "
            + string.Join(", ", target.Agreement.Members.Select(member => member.Id.Name).Append(target.Agreement.Coordinator.Id.Name)) + ".");

    private static EthereumAddress OwnAccount(LedgerTarget target)
    {
        using LedgerAccount account = target.OpenAccount();
        return account.Address;
    }

    private static byte[] MakeKey(LedgerTarget target, EthereumAddress account)
    {
        if (account != OwnAccount(target))
            throw new UsageException("--new makes a key of your own party; for another take --signing-key FILE, which that party gives you.");
        using SigningKey key = target.RequireParty().CreateNextSigningKey();
        return key.VerificationKey.ToArray();
    }

    private static byte[] ReadSigning(string path) => PublicKeyFile.ReadSigningKey(CommandRunner.PathOf("--signing-key", path));

    private static byte[] ReadSealing(string? path) => path is null ? [] : PublicKeyFile.ReadSealingKey(CommandRunner.PathOf("--sealing-key", path));

    private static Argument<string> Party() => new("PARTY") { Description = "The party: a name of the agreement, or an account." };

    private static Option<PartyRole> Role() => LedgerInput.Word<PartyRole>("--role", "ROLE");

    private static Option<string?> SigningKey() => new("--signing-key")
    {
        Description = "File with the ML-DSA-65 public key of its records: PEM, or its 1952 bytes.", HelpName = "FILE",
    };

    private static Option<string?> SealingKey() => new("--sealing-key")
    {
        Description = "File with the ML-KEM-768 encapsulation key that payloads are sealed to: PEM, or its 1184 bytes. A coordinator needs one.", HelpName = "FILE",
    };

    private sealed record Proposed(
        RegistryChange Change, EthereumAddress Account, PartyRole? Role, ReadOnlyMemory<byte> SigningKey, ReadOnlyMemory<byte> SealingKey, bool KeepsOthers = false);
}
