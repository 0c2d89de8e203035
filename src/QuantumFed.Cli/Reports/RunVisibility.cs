using QuantumFed.Protocol;
using QuantumFed.Report;

namespace QuantumFed.Cli;

/// <summary>What each party of a run could see: the protocol's promises (docs/security-model.md) in the report's words.</summary>
internal static class RunVisibility
{
    /// <summary>One entry for each kind of party.</summary>
    public static IReadOnlyList<ReportVisibility> Of(ConsortiumAgreement agreement)
    {
        bool averages = agreement.Task.Averaging is not null;
        string sum = averages ? "the weighted mean update and the total weight of each round" : "the summed statistics and the total row count of each round";
        string own = averages ? "any single member's update or row count" : "any single member's statistics or row count";
        return
        [
            new ReportVisibility(
                "Hospital", ["its own rows, update and test scores", sum, "every round's model and transcript"], ["another hospital's rows", own]),
            new ReportVisibility(
                "Coordinator", ["ciphertexts, commitments and signatures", sum, "who took part in which round"],
                ["any hospital's rows", own, "a decryption key of any kind"]),
            new ReportVisibility(
                $"Committee, fewer than {agreement.Threshold} of {agreement.Members.Count} together", ["sealed shares that say nothing by themselves", sum],
                [own]),
            new ReportVisibility(
                $"Committee, {agreement.Threshold} or more together", ["could open any update whose shares they hold, if they broke the rules together"],
                ["updates of rounds whose keys are erased"]),
            new ReportVisibility(
                "Regulator", ["the ledger, the transcripts, every model", sum], ["any hospital's rows", own, "any secret; none is needed"]),
            new ReportVisibility(
                "Ledger's operators", ["hashes, accounts and times"], ["models, updates and rows"]),
            new ReportVisibility(
                "Somebody who records the network", ["who talks to whom, when, and how many bytes"], ["contents, unless X25519 and ML-KEM-768 both fall, and the lattice with them"]),
        ];
    }
}
