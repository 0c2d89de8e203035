namespace QuantumFed.Report;

/// <summary>A member's word, on the ledger, that its quantum link gave it no key in a round.</summary>
public sealed record ReportLinkReport
{
    /// <summary>The member.</summary>
    public required string Member { get; init; }

    /// <summary>What it did: <c>withheld</c> (it sent no update) or <c>downgraded</c> (it sealed its update with ML-KEM only).</summary>
    public required string Outcome { get; init; }

    /// <summary>Why: <c>NoneAvailable</c>, <c>LinkAlarm</c>, <c>UnknownKey</c>, <c>NotGranted</c>, <c>Unreachable</c> or <c>Refused</c>; null if the archive has no signed report.</summary>
    public string? Failure { get; init; }

    /// <summary>Keys that the key manager said it holds; null if it did not say, or the archive has no signed report.</summary>
    public uint? StoredKeys { get; init; }

    /// <summary>What the key manager said; null if the archive has no signed report.</summary>
    public string? Detail { get; init; }

    /// <summary>The ledger's transaction, beginning with 0x; null if unknown.</summary>
    public string? Transaction { get; init; }
}
