using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>Settings of a coordinator.</summary>
/// <param name="Agreement">Path of the agreement.</param>
/// <param name="Listen">Address and port to serve on, such as 0.0.0.0:7443.</param>
/// <param name="LedgerRpc">The ledger's JSON-RPC endpoint.</param>
/// <param name="Archive">Folder of the archive.</param>
/// <param name="KeyManagers">By member, the coordinator's key manager at the end of that member's quantum link.</param>
/// <param name="RequireQuantumKeys">The coordinator's own floor: updates of members with a quantum link are refused without its key, whatever their
/// policy allows.</param>
/// <param name="LedgerAccess">How the coordinator and its ledger node know each other; nothing for a node on this machine.</param>
/// <param name="AcceptedProposals">Executed proposals, as NUMBER:0xHASH with the hash of the transaction that executed each, that are in force for this party although
/// too few members signed them under ML-DSA: what the consortium agreed on by other means.</param>
public sealed record CoordinatorSettings(
    string Agreement, string Listen, Uri LedgerRpc, string Archive, IReadOnlyDictionary<string, KeyManagerSettings>? KeyManagers = null,
    bool RequireQuantumKeys = false, LedgerAccess? LedgerAccess = null, IReadOnlyList<string?>? AcceptedProposals = null) : ISettings
{
    /// <summary>Where to serve.</summary>
    [JsonIgnore]
    public IPEndPoint ListenEndPoint => IPEndPoint.Parse(Listen);

    /// <summary>What this party's people accepted by hand.</summary>
    [JsonIgnore]
    public AcceptedProposals Accepted => Ledger.AcceptedProposals.Parse(AcceptedProposals ?? []);

    /// <inheritdoc/>
    public IEnumerable<string> Failures()
    {
        if (string.IsNullOrWhiteSpace(Agreement))
            yield return "agreement is empty";
        if (!IPEndPoint.TryParse(Listen, out IPEndPoint? endPoint) || endPoint.Port == 0)
            yield return $"listen is '{Listen}', not an address and port such as 0.0.0.0:7443";
        if (!LedgerRpc.IsAbsoluteUri || LedgerRpc.Scheme is not ("http" or "https"))
            yield return $"ledgerRpc is '{LedgerRpc}', not an http or https address";
        else if (LedgerRpc.UserInfo.Length > 0)
            yield return "ledgerRpc holds a name and password, which are taken from no address";
        if (string.IsNullOrWhiteSpace(Archive))
            yield return "archive is empty";
        foreach (string failure in LedgerAccess?.Failures() ?? [])
            yield return failure;
        foreach ((string member, KeyManagerSettings? manager) in KeyManagers ?? new Dictionary<string, KeyManagerSettings>())
        {
            if (!MemberId.TryParse(member, out _))
                yield return $"keyManagers has '{member}', which is no member's name";
            // JSON's null gets past the declared type of a dictionary's values and a list's entries.
            foreach (string failure in manager?.Failures($"keyManagers.{member}") ?? [$"keyManagers.{member} is null"])
                yield return failure;
        }
        if (!Ledger.AcceptedProposals.TryParse(AcceptedProposals ?? [], out _, out ImmutableArray<string> unread))
        {
            foreach (string failure in unread)
                yield return $"acceptedProposals: {failure}";
        }
    }
}
