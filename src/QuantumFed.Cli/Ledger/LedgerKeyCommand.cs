using System.CommandLine;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Cli;

/// <summary><c>qf ledger key new</c>.</summary>
internal static class LedgerKeyCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--folder") { Description = "The party's folder; made if it does not exist.", Required = true, HelpName = "DIR" };
        var sealing = new Option<bool>("--sealing") { Description = "Make a coordinator's sealing key (ML-KEM-768) instead, which payloads are sealed to." };
        var make = new Command("new", "Make a record key (ML-DSA-65): the private half for the party's folder, the public half as PEM beside it, for the members to vote on.") { folder, sealing };
        make.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            _ =>
            {
                Transport.OpenSslVersion.RequirePostQuantum();
                var party = new PartyFolder(CommandRunner.PathOf("--folder", parsed.GetRequiredValue(folder)));
                party.Create();
                if (parsed.GetValue(sealing))
                {
                    using PayloadKeyPair payload = party.CreateNextPayloadKey();
                    Digest digest = Digest.Of(payload.EncapsulationKey.Span);
                    string file = Path.Combine(party.Root, $"payload-{digest.ToString()[..16]}.pub");
                    PublicKeyFile.WriteSealingKey(file, payload.EncapsulationKey.Span);
                    Console.WriteLine($"Sealing key {digest}. Its public half, for qf ledger propose --sealing-key: {file}");
                    return Task.FromResult(ExitCode.Success);
                }
                using SigningKey key = party.CreateNextSigningKey();
                string path = Path.Combine(party.Root, $"signing-{key.VerificationKey.Digest.ToString()[..16]}.pub");
                PublicKeyFile.Write(path, key.VerificationKey);
                Console.WriteLine($"Record key {key.VerificationKey.Digest}. Its public half, for qf ledger propose --signing-key: {path}");
                return Task.FromResult(ExitCode.Success);
            },
            cancellation));
        return new Command("key", "Record keys, and a coordinator's sealing keys.") { make };
    }
}
