using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Report;

/// <summary>
/// report.json, version 2: what one run trained, with which result, and what supports it. docs/report.md describes every field. A null figure was not measured;
/// an empty list has nothing to say, unless its summary says otherwise.
/// </summary>
public sealed record RunReport
{
    /// <summary>The version written.</summary>
    public const int CurrentVersion = 2;

    /// <summary>Always <see cref="CurrentVersion"/> in memory; a file of version 1 is brought up to it as it is read.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>When the report was made.</summary>
    public DateTimeOffset? GeneratedAt { get; init; }

    /// <summary>The program and its version, for example <c>QuantumFed 0.1.0</c>.</summary>
    public string? Program { get; init; }

    /// <summary>The command as it was typed.</summary>
    public string? CommandLine { get; init; }

    /// <summary>Seconds from the start of the run to its end, audit included.</summary>
    public double? WallSeconds { get; init; }

    /// <summary>What a reader must know before any figure, for example that these are sample data; shown at the top of the page.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Parts that were simulated or are for development only; empty if there are none, null if nobody recorded it.</summary>
    public IReadOnlyList<ReportSimulation>? Simulated { get; init; }

    /// <summary><c>synthetic</c>, <c>heart</c>, or the name of a table.</summary>
    public required string Dataset { get; init; }

    /// <summary>Whether the rows were generated.</summary>
    public required bool Synthetic { get; init; }

    /// <summary>The columns of a table and what was done with them; empty for the built-in data sets.</summary>
    public IReadOnlyList<ReportColumn> Columns { get; init; } = [];

    /// <summary>Names of the classes, in the order of their numbers.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>What was trained; null if unknown. A file of version 1 is always of a logistic regression.</summary>
    public ReportModel? Model { get; init; }

    /// <summary><c>newton</c>, <c>fedavg</c>, <c>fedprox</c>, <c>fedadam</c>, <c>fedyogi</c> or <c>scaffold</c>.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The algorithm's settings.</summary>
    public IReadOnlyList<ReportSetting> Settings { get; init; } = [];

    /// <summary><c>centre</c> or <c>federated</c>; null where features were not standardised by the program.</summary>
    public string? Standardise { get; init; }

    /// <summary>The seed of the data; null if it has none.</summary>
    public long? Seed { get; init; }

    /// <summary>The ridge penalty; null if there is none.</summary>
    public double? L2 { get; init; }

    /// <summary>The hospitals, in the data set's order.</summary>
    public IReadOnlyList<ReportMember> Members { get; init; } = [];

    /// <summary>A model trained on all training rows in the clear; null if there is none.</summary>
    public ReportScore? Pooled { get; init; }

    /// <summary>Each hospital's own model on its own test rows, the mean over test rows; null if there is none.</summary>
    public ReportScore? Local { get; init; }

    /// <summary>The last federated model; null if there is none.</summary>
    public ReportScore? Federated { get; init; }

    /// <summary>The share of the test rows that have the class most training rows have: the accuracy of calling every row that; null if unknown.</summary>
    public double? MajorityAccuracy { get; init; }

    /// <summary>The best AUC any classifier can expect on the test rows; null unless the data is generated.</summary>
    public double? BestAuc { get; init; }

    /// <summary>One entry for each round on the ledger, in order.</summary>
    public IReadOnlyList<ReportRound> Rounds { get; init; } = [];

    /// <summary>What the coordinator's check of its own TLS measured; null if it was not seen.</summary>
    public ReportChannel? Channel { get; init; }

    /// <summary>Every link and its suite.</summary>
    public IReadOnlyList<ReportLink> Links { get; init; } = [];

    /// <summary>The hospitals' quantum links; empty where there are none.</summary>
    public IReadOnlyList<ReportQuantumLink> QuantumLinks { get; init; } = [];

    /// <summary>What each party could see.</summary>
    public IReadOnlyList<ReportVisibility> Visibility { get; init; } = [];

    /// <summary>The lattice's parameters.</summary>
    public ReportLattice? Lattice { get; init; }

    /// <summary>The ledger and its records.</summary>
    public ReportLedger? Ledger { get; init; }

    /// <summary>The audit; null if none was made.</summary>
    public ReportAudit? Audit { get; init; }

    /// <summary>Writes report.json, whole or not at all: a new file beside <paramref name="path"/>, flushed and renamed into place.</summary>
    /// <exception cref="IOException">The disk is full or refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void Write(string path) => ReportFile.Write(path, ReportJson.Serialize(this));

    /// <summary>Reads a report of version 1 or 2. A file of version 1 has no figures that came later; they are null or empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="report">The report, or null.</param>
    /// <param name="problem">Why not, in one sentence; empty on success.</param>
    /// <returns>False if the file is missing, unreadable, too large, not a report, or of another version.</returns>
    public static bool TryRead(string path, [NotNullWhen(true)] out RunReport? report, out string problem)
    {
        report = null;
        return ReportFile.TryRead(path, ReportJson.MostBytes, out byte[] json, out problem) && TryParse(json, out report, out problem);
    }

    /// <summary>Reads a report from the bytes of its file; as <see cref="TryRead"/>.</summary>
    /// <param name="json">UTF-8, without a byte order mark.</param>
    /// <param name="report">The report, or null.</param>
    /// <param name="problem">Why not, in one sentence; empty on success.</param>
    /// <returns>False if the bytes are not a report, or of another version.</returns>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out RunReport? report, out string problem) =>
        ReportJson.TryParse(json, out report, out problem);
}
