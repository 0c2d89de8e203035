using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Besu;

/// <summary>README.md: how the network's operators start it, check it, change it and mend it.</summary>
internal static class OperationGuide
{
    public static byte[] Write(NetworkPlan plan, ImmutableArray<EthereumAddress> addresses, DateTimeOffset now)
    {
        using Stream resource = typeof(OperationGuide).Assembly.GetManifestResourceStream("OperationGuide.md")!;
        using StreamReader reader = new(resource, Encoding.UTF8);
        ValidatorPlace first = plan.Places[0];
        int count = plan.Places.Length;
        return Encoding.UTF8.GetBytes(new StringBuilder(reader.ReadToEnd())
            .Replace("{{image}}", ComposeFile.Image)
            .Replace("{{chain}}", plan.ChainId.ToString(CultureInfo.InvariantCulture))
            .Replace("{{count}}", count.ToString(CultureInfo.InvariantCulture))
            .Replace("{{validators}}", count == 1 ? "1 validator" : $"{count} validators")
            .Replace("{{quorum}}", ((2 * count + 2) / 3).ToString(CultureInfo.InvariantCulture))
            .Replace("{{majority}}", (count / 2 + 1).ToString(CultureInfo.InvariantCulture))
            .Replace("{{faults}}", Faults(plan))
            .Replace("{{place}}", plan.OnOneMachine ? OneMachine : ManyMachines)
            .Replace("{{start}}", plan.OnOneMachine ? "docker compose up -d" : $"docker compose up -d {first.Name}     # each operator its own validator, on its own machine")
            .Replace("{{table}}", Table(plan, addresses))
            .Replace("{{rpc}}", $"https://{(plan.OnOneMachine ? "127.0.0.1" : first.Host.ToString())}:{first.RpcPort}")
            .Replace("{{keys}}", Keys(plan))
            .Replace("{{agreement}}", Agreement(plan))
            .Replace("{{development}}", plan.IsAgreedAsDevelopment ? Development : "")
            .Replace("{{expiry}}", (now + plan.TokenLifetime).UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture))
            .Replace("{{days}}", plan.TokenLifetime.Days.ToString(CultureInfo.InvariantCulture))
            .ToString());
    }

    private const string Development =
        "\n\n**The agreement calls its ledger a development chain** (`developmentChain`), and every record made under it will say so. Before production, let the parties sign an agreement "
        + "that does not.";

    private const string OneMachine =
        "All validators run on this one machine, in a compose network of their own (172.30.26.0/24), and JSON-RPC is published on 127.0.0.1 only. That is a rehearsal: the "
        + "machine's failure stops them all, and its owner could rewrite the chain. `--host` or `--hosts` places them on the members' machines.";

    private const string ManyMachines =
        "Containers use their machine's own network (`network_mode: host`), so that peers see the addresses below. Each operator needs `genesis.json`, `compose.yaml`, `ca/ca.crt`, the "
        + "validator's own folder and its folder in `clients/`, and nothing else.";

    private static string Keys(NetworkPlan plan)
    {
        string[] own = [.. plan.Places.Where(place => place.OwnKey is not null).Select(place => place.Name)];
        return own.Length == 0
            ? "All keys were made in one place. Whoever ran the command could have kept them, so run it where the members can watch; or let each operator make the node's key first "
                + "(`qf network key`), and name its public half in `--hosts`."
            : $"The node {(own.Length == 1 ? "key" : "keys")} of {string.Join(", ", own)} {(own.Length == 1 ? "was made by its operator" : "were made by their operators")} and not here: each puts its "
                + "own `key` (mode 0600) into its validator's folder. All else was made in one place, and whoever ran the command could have kept it: certificates, tokens and their keys let somebody "
                + "in to JSON-RPC, but seal no block. Replace tokens and certificate by your own as under *Mend*.";
    }

    private static string Faults(NetworkPlan plan) => plan.ToleratedFaults switch
    {
        0 => "**No fault is tolerated**: with fewer than 4 validators the chain may stop when any one stops. Do not rely on this network in production.",
        1 => "One validator may fail or lie without stopping or splitting the chain.",
        int faults => $"Up to {faults} validators may fail or lie without stopping or splitting the chain.",
    };

    private static string Table(NetworkPlan plan, ImmutableArray<EthereumAddress> addresses) => string.Join('\n', plan.Places.Select((place, i) =>
        $"| {place.Name} | `{addresses[i]}` | {place.Host}:{place.PeerPort} | {(plan.OnOneMachine ? "127.0.0.1" : place.Host.ToString())}:{place.RpcPort} |"));

    private static string Agreement(NetworkPlan plan)
    {
        if (plan.Agreement is not { } agreement)
        {
            return plan.Accounts.IsEmpty
                ? "No agreement and no account was given, so **no account may send transactions yet**: list the parties' accounts under `accounts-allowlist` in every "
                    + "`permissions_config.toml`, and have it read again (`perm_reloadPermissionsFromFile`)."
                : $"No agreement was given. These accounts may send transactions: {string.Join(", ", plan.Accounts.Select(account => $"`{account}`"))}.";
        }
        LedgerDeployment contracts = LedgerDeployer.PredictFor(agreement.Ledger.Deployer, plan.ChainId);
        StringBuilder text = new();
        _ = text.Append(CultureInfo.InvariantCulture, $"The network is for federation `{agreement.Federation}`, agreement `{agreement.Digest}`. Its accounts may send transactions:\n\n");
        _ = text.Append(CultureInfo.InvariantCulture, $"| party | account |\n|---|---|\n| deployer | `{agreement.Ledger.Deployer}` |\n| {agreement.Coordinator.Id} (coordinator) | `{agreement.Coordinator.Account}` |\n");
        foreach (AgreedMember member in agreement.Members)
            _ = text.Append(CultureInfo.InvariantCulture, $"| {member.Id} | `{member.Account}` |\n");
        _ = text.Append(CultureInfo.InvariantCulture, $"\nThe deployer's first transaction creates the registry at `{contracts.Registry}`, its second the rounds at `{contracts.Rounds}`, as the agreement says.");
        return text.ToString();
    }
}
