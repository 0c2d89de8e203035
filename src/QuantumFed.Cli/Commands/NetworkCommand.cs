using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using QuantumFed.Besu;
using QuantumFed.Node;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary><c>qf network</c>.</summary>
internal static class NetworkCommand
{
    private const int DefaultTokenDays = 30;

    // An agreement of 255 members has about a megabyte; a list of 100 addresses far less.
    private const int LargestFileInBytes = 16 << 20;

    public static Command Create() => new("network", "The production ledger: a network of validators that the consortium's members run.") { CreateNetwork(), CreateKey() };

    private static Command CreateKey()
    {
        var folder = new Option<string>("--out") { Description = "The folder to write: new, or empty.", HelpName = "DIR", Required = true };
        var command = new Command("key", "Make the key of a validator's node, for its operator: who makes the network (create) gets the public half only, in the file of --hosts. "
            + "Writes key (secret, mode 0600), key.pub and address, and prints the public key.")
        {
            folder,
        };
        command.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            _ =>
            {
                string path = FolderOf(parsed.GetRequiredValue(folder));
                using NodeKey key = NodeKey.Generate();
                NetworkFolder.Write(key, path);
                Console.Out.WriteLine(key.PublicKey);
                Console.Error.WriteLine($"qf: written {path}; the validator's address is {key.PublicKey.Address}. Keep key to yourself, with a copy off line.");
                return Task.FromResult(ExitCode.Success);
            },
            cancellation));
        return command;
    }

    private static Command CreateNetwork()
    {
        Option<int?> validators = NumberOption.OptionalWhole("--validators", "How many validators there are. Four tolerate the failure of one, seven of two; fewer than four none.", 1, NetworkPlan.MaxValidators);
        validators.Required = true;
        var folder = new Option<string>("--out") { Description = "The folder to write: new, or empty.", HelpName = "DIR", Required = true };
        var host = new Option<IPAddress[]>("--host")
        {
            Description = "A validator's IPv4 address, as its peers reach it (inside WireGuard): once for each validator, in order, or once for all. Without it all run on one machine, for a rehearsal.",
            HelpName = "ADDRESS", AllowMultipleArgumentsPerToken = true, CustomParser = result => [.. result.Tokens.Select(token => AddressOf("--host", token.Value, result))],
        };
        var hosts = new Option<string?>("--hosts") { Description = "The same from a file, an address on each line; behind it, after a space, the validator's public key, if its operator made it (qf network key).", HelpName = "FILE" };
        var chain = new Option<ulong?>("--chain-id") { Description = $"The chain's id. Default: the agreement's, or {NetworkPlan.DefaultChainId}.", HelpName = "NUMBER", CustomParser = ChainIdOf };
        var agreement = new Option<string?>("--agreement") { Description = "The consortium's agreement: its parties' accounts, and only they, may send transactions.", HelpName = "FILE" };
        var account = new Option<EthereumAddress[]>("--account")
        {
            Description = "A further account that may send transactions.", HelpName = "0x...", AllowMultipleArgumentsPerToken = true,
            CustomParser = result => [.. result.Tokens.Select(token => AccountOf(token.Value, result))],
        };
        Option<int> days = NumberOption.Whole("--token-days", "How long the ready tokens for JSON-RPC are valid, in days.", DefaultTokenDays, 1, NetworkPlan.MaxTokenDays);
        var json = new Option<bool>("--json") { Description = "Print what was made as JSON." };
        var command = new Command("create", $"Write the files of a Hyperledger Besu network with QBFT consensus ({BesuNetwork.Image}): genesis, a folder for each validator with its key, options, peers, "
            + "certificate and tokens, a compose file, and a README.md for the operators. Keys are made here and now, in one place, but for the nodes whose operators made theirs (qf network key): run it where the members can watch, and hand each its "
            + "own. The files are generated and checked; this program never ran them. Start with README.md in the folder; docs/besu.md says more.")
        {
            validators, folder, host, hosts, chain, agreement, account, days, json,
        };
        command.SetAction((parsed, cancellation) => CommandRunner.RunAsync(
            token => Task.Run(
                () =>
                {
                    string path = FolderOf(parsed.GetRequiredValue(folder));
                    (IPAddress Address, NodePublicKey? Key)[] places = HostsOf(parsed.GetValue(host) ?? [], parsed.GetValue(hosts));
                    ConsortiumAgreement? agreed = parsed.GetValue(agreement) is { } file ? AgreementOf(CommandRunner.PathOf("--agreement", file)) : null;
                    return NetworkPlan.TryCreate(
                        parsed.GetRequiredValue(validators)!.Value, [.. places.Select(place => place.Address)], [.. places.Select(place => place.Key)], parsed.GetValue(chain), agreed,
                        parsed.GetValue(account) ?? [], parsed.GetValue(days), out NetworkPlan? plan, out string? failure)
                        ? Write(plan, path, parsed.GetValue(json), token)
                        : throw new UsageException(failure);
                },
                token),
            cancellation));
        return command;
    }

    private static ExitCode Write(NetworkPlan plan, string path, bool json, CancellationToken cancellation)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using BesuNetwork network = BesuNetwork.Create(plan, now, cancellation);
        NetworkFolder.Write(network, path);
        Console.Out.WriteLine(json ? NetworkText.Json(network, path, now) : NetworkText.Of(network, path, now));
        foreach (string warning in NetworkText.Warnings(plan))
            Console.Error.WriteLine($"qf: {warning}");
        return ExitCode.Success;
    }

    private static string FolderOf(string folder)
    {
        string path = CommandRunner.PathOf("--out", folder);
        return NetworkFolder.IsFree(path) ? path : throw new UsageException($"'{NodeEvent.OneLine(folder)}' is not an empty folder; it was left as it is. Choose a new one with --out.");
    }

    private static (IPAddress Address, NodePublicKey? Key)[] HostsOf(IPAddress[] named, string? file)
    {
        if (file is null)
            return [.. named.Select(address => (address, (NodePublicKey?)null))];
        if (named.Length > 0)
            throw new UsageException("--host and --hosts are two ways to say the same; take one.");
        string[] lines = System.Text.Encoding.UTF8.GetString(Read("--hosts", CommandRunner.PathOf("--hosts", file))).Split('\n', StringSplitOptions.TrimEntries);
        (IPAddress, NodePublicKey?)[] hosts = [.. lines.Index().Where(line => line.Item.Length > 0).Select(line => HostOf(line.Item, line.Index + 1))];
        // Without addresses the network would be one of a single machine.
        return hosts.Length > 0 ? hosts : throw new UsageException("the file of --hosts names no address.");
    }

    // What stands in the line is not repeated: it may be a secret key that was taken for the public one.
    private static (IPAddress Address, NodePublicKey? Key) HostOf(string line, int number)
    {
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        NodePublicKey? key = null;
        return words.Length <= 2 && TryAddress(words[0], out IPAddress? address) && (words.Length == 1 || NodePublicKey.TryParse(words[1], out key))
            ? (address, key)
            : throw new UsageException($"--hosts takes a file with an IPv4 address on each line, and perhaps a public key of secp256k1 (0x and 128 digits, key.pub) behind it; line {number} is something else.");
    }

    private static ConsortiumAgreement AgreementOf(string path)
    {
        Transport.OpenSslVersion.RequirePostQuantum();
        return ConsortiumAgreement.TryParse(Read("--agreement", path), out ConsortiumAgreement? agreement, out string? failure)
            ? agreement
            : throw new SettingsException(path, [failure]);
    }

    private static byte[] Read(string option, string path)
    {
        if (!File.Exists(path))
            throw new UsageException($"{option}: there is no file '{NodeEvent.OneLine(path)}'.");
        return new FileInfo(path).Length <= LargestFileInBytes ? File.ReadAllBytes(path) : throw new UsageException($"{option}: '{NodeEvent.OneLine(path)}' is too large.");
    }

    private static IPAddress AddressOf(string option, string text, ArgumentResult result)
    {
        if (TryAddress(text, out IPAddress? address))
            return address;
        result.AddError($"{option} takes an IPv4 address, not '{text}': Besu's lists of peers hold addresses, not names.");
        return IPAddress.None;
    }

    // IPAddress.Parse also reads "1" and "0x7f.1".
    private static bool TryAddress(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && address.ToString() == text;

    private static ulong? ChainIdOf(ArgumentResult result)
    {
        if (ulong.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong id) && id is >= 1 and <= NetworkPlan.MaxChainId)
            return id;
        result.AddError($"--chain-id takes a number from 1 to {NetworkPlan.MaxChainId}, not '{result.Tokens[0].Value}'.");
        return null;
    }

    private static EthereumAddress AccountOf(string text, ArgumentResult result)
    {
        if (!EthereumAddress.TryParse(text, out EthereumAddress account))
            result.AddError($"--account takes 0x and 40 hexadecimal digits, not '{text}'.");
        return account;
    }
}
