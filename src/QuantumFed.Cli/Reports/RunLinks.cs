using QuantumFed.Protocol;
using QuantumFed.Report;

namespace QuantumFed.Cli;

/// <summary>Every link of a run with the suite it negotiated.</summary>
internal static class RunLinks
{
    /// <summary>The members' links to the coordinator as it saw them, and everybody's to the ledger.</summary>
    public static IEnumerable<ReportLink> Of(RunProgress progress, ConsortiumAgreement agreement)
    {
        foreach (MemberProgress member in progress.Members)
            yield return new ReportLink
            {
                From = member.Name,
                To = RunProgress.Coordinator,
                Protocol = member.Channel?.Protocol,
                // The library does not tell a connection's group; the coordinator's process was measured to accept no other.
                Group = progress.Channel?.Group,
                Signature = member.Channel?.CertificateSignature,
                Cipher = member.Channel?.CipherSuite,
                Note = agreement.Members.Any(known => known.Id.Name == member.Name && known.Link is not null)
                    ? "Updates are sealed a second time inside, with ML-KEM-768 and a key of the quantum link."
                    : "Updates are sealed a second time inside, with ML-KEM-768.",
            };
        yield return new ReportLink
        {
            From = "every party",
            To = "ledger",
            Protocol = "HTTP",
            Note = agreement.Ledger.DevelopmentChain
                ? "The development chain's JSON-RPC on this machine, without TLS; hashes and signed transactions only."
                : "JSON-RPC of the party's own node; hashes and signed transactions only.",
        };
    }
}
