using System.Globalization;
using System.Text;
using System.Text.Json;
using QuantumFed.Besu;
using QuantumFed.Ledger;

namespace QuantumFed.Cli;

/// <summary>What <c>qf network create</c> says.</summary>
internal static class NetworkText
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public static string Of(BesuNetwork network, string path, DateTimeOffset now)
    {
        NetworkPlan plan = network.Plan;
        StringBuilder text = new();
        _ = text.AppendLine(CultureInfo.InvariantCulture, $"Validators of chain {plan.ChainId}: {plan.Places.Length}. A block needs the seals of {network.Validators.Quorum}; {plan.ToleratedFaults} may fail or lie.");
        for (int i = 0; i < plan.Places.Length; i++)
            _ = text.AppendLine(CultureInfo.InvariantCulture, $"  {plan.Places[i].Name,-13} {network.Addresses[i]}  {plan.Places[i].Host}:{plan.Places[i].PeerPort}{(plan.Places[i].OwnKey is null ? "" : "  key made by its operator")}");
        _ = text.AppendLine(CultureInfo.InvariantCulture, $"Accounts that may send transactions: {plan.Accounts.Length}. Tokens are valid until {Expiry(plan, now)}.");
        _ = text.AppendLine(CultureInfo.InvariantCulture, $"Written: {path}");
        _ = text.Append("Generated and checked, not run here. README.md in the folder says how to start it, and who should get which files.");
        return text.ToString();
    }

    public static string Json(BesuNetwork network, string path, DateTimeOffset now)
    {
        NetworkPlan plan = network.Plan;
        return JsonSerializer.Serialize(
            new
            {
                GeneratedNotRun = true,
                Folder = path,
                BesuNetwork.Image,
                plan.ChainId,
                network.Validators.Quorum,
                plan.ToleratedFaults,
                plan.OnOneMachine,
                Validators = plan.Places.Select((place, i) => new
                {
                    place.Name, Address = network.Addresses[i].ToString(), Host = place.Host.ToString(), place.PeerPort, place.RpcPort, place.MetricsPort, KeyMadeByOperator = place.OwnKey is not null,
                }),
                Accounts = plan.Accounts.Select(account => account.ToString()),
                Contracts = ContractsOf(plan),
                TokensExpire = Expiry(plan, now),
                Warnings = Warnings(plan),
            },
            s_json);
    }

    public static IEnumerable<string> Warnings(NetworkPlan plan)
    {
        if (plan.ToleratedFaults == 0)
            yield return $"with {plan.Places.Length} of the 4 validators that it takes, no fault is tolerated: the chain may stop when one of them stops.";
        if (plan.Accounts.IsEmpty)
            yield return "no account may send transactions yet: name them by --agreement or --account, or list them in every permissions_config.toml.";
        if (plan.IsAgreedAsDevelopment)
            yield return "the agreement calls its ledger a development chain, and every record made under it will say so.";
    }

    private static object? ContractsOf(NetworkPlan plan)
    {
        if (plan.Agreement is null)
            return null;
        LedgerDeployment contracts = LedgerDeployer.PredictFor(plan.Agreement.Ledger.Deployer, plan.ChainId);
        return new { Registry = contracts.Registry.ToString(), Rounds = contracts.Rounds.ToString() };
    }

    private static string Expiry(NetworkPlan plan, DateTimeOffset now) => (now + plan.TokenLifetime).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
