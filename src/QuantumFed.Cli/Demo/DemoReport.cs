using System.Text.Json;
using System.Text.Json.Serialization;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>report.json, version 1; docs/report.md describes every field.</summary>
internal sealed record DemoReport(
    int Version, string Dataset, bool Synthetic, string Algorithm, string Standardise, long Seed, double L2, IReadOnlyList<DemoReport.Member> Members,
    DemoReport.Score Pooled, DemoReport.Score Federated, double? BestAuc, IReadOnlyList<DemoReport.Round> Rounds, DemoReport.ChannelSuite Channel,
    DemoReport.LatticeSet Lattice, DemoReport.LedgerRecord Ledger, DemoReport.AuditSummary Audit)
{
    /// <summary>The version written.</summary>
    public const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Write(string path) => DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, Options));

    /// <summary>A hospital; its AUC is null where its test rows have one class.</summary>
    internal sealed record Member(string Name, int TrainRows, int TestRows, double LocalAccuracy, double FederatedAccuracy, double? FederatedAuc);

    /// <summary>A model over all test rows.</summary>
    internal sealed record Score(double Accuracy, double? Auc);

    /// <summary>A round, by its number on the ledger.</summary>
    internal sealed record Round(
        [property: JsonPropertyName("round")] ulong Number, string Purpose, IReadOnlyList<string> Participants, double Seconds, double? Accuracy,
        double BytesPerMember, string ModelHash, IReadOnlyList<string> Transactions);

    /// <summary>The TLS suite as measured.</summary>
    internal sealed record ChannelSuite(string? TlsVersion, string? Group, string? Signature);

    /// <summary>The lattice's parameters.</summary>
    internal sealed record LatticeSet(string Ring, int ModulusBits, int BitsPerValue, int Lanes, double BytesPerParameter, int NoiseBound);

    /// <summary>The ledger.</summary>
    internal sealed record LedgerRecord(ulong ChainId, string Registry, string Rounds, bool DevelopmentChain, int Blocks);

    /// <summary>The audit.</summary>
    internal sealed record AuditSummary(int RoundsVerified, bool Verified, IReadOnlyList<string> Findings);
}
