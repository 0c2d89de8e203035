using System.CommandLine;
using System.Security.Cryptography;
using QuantumFed.Ledger;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary><c>qf ledger ceremony</c>.</summary>
internal static class LedgerCeremonyCommand
{
    public static Command Create() => new("ceremony", "Key ceremonies: the minutes stay with the party, their hash stands on the ledger.") { Record(), List() };

    private static Command Record()
    {
        Option<CeremonyKind> about = LedgerInput.Word<CeremonyKind>("--about", "KIND");
        var minutes = new Option<string>("--minutes") { Description = "The minutes, a file that you keep. Its signed record is written beside it.", Required = true, HelpName = "FILE" };
        var command = new Command("record", "Put the hash of a ceremony's minutes on the ledger, under your record key.") { about, minutes };
        new LedgerOptions(acts: true).SetAction(command, async (target, printer, parsed, cancellation) =>
        {
            string path = CommandRunner.PathOf("--minutes", parsed.GetRequiredValue(minutes));
            PartyFolder folder = target.RequireParty();
            using LedgerAccount account = target.OpenAccount();
            RegistryParty self = (await target.Registry.ReadAsync(cancellation)).Current.Find(account.Address)
                ?? throw new LedgerMismatchException($"The registry does not have account {account.Address}: this party does not belong to the consortium.");
            if (!target.Parties.TryGetKey(self, out VerificationKey? key))
                throw new LedgerMismatchException("The record key that the registry has for this party is not an ML-DSA-65 key.");
            using SigningKey signer = folder.ReadSigningKey(key);
            var ceremony = new KeyCeremony(
                target.Agreement.Federation, target.Deployment.ChainId, target.Deployment.Rounds, parsed.GetRequiredValue(about), DigestOf(path));
            SignedMessage message = Signed(path + ".signed", ceremony, NameOf(target, account.Address), signer, key);
            using TransactionJournal journal = TransactionJournal.Open(Path.Combine(folder.State, RegistryVoting.JournalName));
            using RoundLedger ledger = RoundLedger.Create(target.Client, target.Deployment, account, TimeProvider.System, target.Sending(journal));
            LedgerReceipt receipt = await ledger.RecordCeremonyAsync(ceremony.About, ceremony.Minutes, message.SignatureDigest, cancellation);
            printer.Print(
                $"{(receipt.AlreadyApplied ? "Stood on the ledger already" : "On the ledger")}: minutes {ceremony.Minutes}, transaction 0x{receipt.TransactionHash}. Signed record: {path}.signed",
                new { Minutes = ceremony.Minutes.ToString(), Transaction = "0x" + receipt.TransactionHash, receipt.AlreadyApplied });
            return ExitCode.Success;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "The ceremonies on the ledger.");
        new LedgerOptions().SetAction(command, async (target, printer, _, cancellation) =>
        {
            IReadOnlyList<CeremonyRecord> ceremonies = await target.Rounds.ReadCeremoniesAsync(cancellation);
            printer.Print(
                ceremonies.Count == 0 ? "No ceremony has been recorded yet." : TextTable.Of(
                    ["about", "by", "block", "minutes"],
                    ceremonies.Select(ceremony => (IReadOnlyList<string>)
                        [$"{ceremony.About}".ToLowerInvariant(), target.Parties.NameOf(ceremony.By), $"{ceremony.Step.BlockNumber}", ceremony.MinutesHash.ToString()])),
                ceremonies.Select(ceremony => new
                {
                    About = ceremony.About.ToString(), By = target.Parties.NameOf(ceremony.By), MinutesHash = ceremony.MinutesHash.ToString(),
                    SignatureHash = ceremony.Step.SignatureHash.ToString(), Transaction = "0x" + ceremony.Step.TransactionHash,
                }));
            return ExitCode.Success;
        });
        return command;
    }

    // The signature whose hash the ledger holds, or will hold, is kept: recorded again after a crash, the same one is used.
    private static SignedMessage Signed(string path, KeyCeremony ceremony, MemberId name, SigningKey signer, VerificationKey key)
    {
        if (File.Exists(path))
            return SignedMessage.TryParse(File.ReadAllBytes(path), out SignedMessage? kept) && kept.TryOpen(key, out KeyCeremony? said) && said == ceremony
                ? kept
                : throw new SettingsException(path, ["it exists and is not this ceremony's record under this party's key in force; the ledger may hold its hash, so it is kept: move it away"]);
        SignedMessage message = SignedMessage.Sign(ceremony, name, signer);
        DurableFile.Write(path, message.ToArray());
        return message;
    }

    private static Digest DigestOf(string path)
    {
        try
        {
            using FileStream minutes = File.OpenRead(path);
            return new Digest(SHA256.HashData(minutes));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException(path, [error.Message]);
        }
    }

    private static MemberId NameOf(LedgerTarget target, EthereumAddress account) => MemberId.TryParse(target.Parties.NameOf(account), out MemberId id)
        ? id
        : throw new LedgerMismatchException($"The agreement has no name for account {account}.");
}
