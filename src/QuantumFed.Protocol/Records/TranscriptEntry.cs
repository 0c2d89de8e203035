namespace QuantumFed.Protocol;

/// <summary>One object of a transcript.</summary>
/// <param name="Label">What it is, unique in the transcript.</param>
/// <param name="Digest">SHA-256 of its bytes.</param>
public sealed record TranscriptEntry(string Label, Digest Digest);
