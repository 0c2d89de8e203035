using System.Collections.Immutable;
using System.Text.Json.Serialization;
using QuantumFed.Ledger;
using QuantumFed.Trainers;

namespace QuantumFed.Node;

/// <summary>Settings of a member.</summary>
/// <param name="Agreement">Path of the agreement.</param>
/// <param name="Coordinator">The coordinator's address, such as https://coordinator.example:7443.</param>
/// <param name="LedgerRpc">The ledger's JSON-RPC endpoint: best a node of the member's own.</param>
/// <param name="TrainingData">Path of the training rows.</param>
/// <param name="TrainingSeed">What shuffling and rounding are drawn from, so that a run can be repeated; without it the operating system's randomness.
/// Never keys.</param>
/// <param name="Trainer">The program that trains in the place of this one, for methods that average updates; see docs/trainers.md.</param>
/// <param name="KeyManager">This member's key manager, where the agreement gives it a quantum link.</param>
/// <param name="LedgerAccess">How this member and its ledger node know each other; nothing for a node on this machine.</param>
/// <param name="AcceptedProposals">Executed proposals, as NUMBER:0xHASH with the hash of the transaction that executed each, that are in force for this party although
/// too few members signed them under ML-DSA: what the consortium agreed on by other means.</param>
public sealed record MemberSettings(
    string Agreement, Uri Coordinator, Uri LedgerRpc, string TrainingData, long? TrainingSeed = null, TrainerSettings? Trainer = null,
    KeyManagerSettings? KeyManager = null, LedgerAccess? LedgerAccess = null, IReadOnlyList<string?>? AcceptedProposals = null) : ISettings
{
    /// <summary>What this party's people accepted by hand.</summary>
    [JsonIgnore]
    public AcceptedProposals Accepted => Ledger.AcceptedProposals.Parse(AcceptedProposals ?? []);

    /// <inheritdoc/>
    public IEnumerable<string> Failures()
    {
        if (string.IsNullOrWhiteSpace(Agreement))
            yield return "agreement is empty";
        if (!Coordinator.IsAbsoluteUri || Coordinator.Scheme != "https" || Coordinator.PathAndQuery != "/" || Coordinator.UserInfo.Length > 0)
            yield return $"coordinator is '{Coordinator}', not an https address such as https://coordinator.example:7443";
        if (!LedgerRpc.IsAbsoluteUri || LedgerRpc.Scheme is not ("http" or "https"))
            yield return $"ledgerRpc is '{LedgerRpc}', not an http or https address";
        else if (LedgerRpc.UserInfo.Length > 0)
            yield return "ledgerRpc holds a name and password, which are taken from no address";
        foreach (string failure in LedgerAccess?.Failures() ?? [])
            yield return failure;
        if (string.IsNullOrWhiteSpace(TrainingData))
            yield return "trainingData is empty";
        foreach (string failure in Trainer?.Failures() ?? [])
            yield return failure;
        foreach (string failure in KeyManager?.Failures("keyManager") ?? [])
            yield return failure;
        if (!Ledger.AcceptedProposals.TryParse(AcceptedProposals ?? [], out _, out ImmutableArray<string> unread))
        {
            foreach (string failure in unread)
                yield return $"acceptedProposals: {failure}";
        }
    }
}
