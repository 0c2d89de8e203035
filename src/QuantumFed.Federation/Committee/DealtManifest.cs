using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>What a committee member gets of one dealer: its signed manifest, and the share sealed to this member.</summary>
public sealed record DealtManifest(SignedMessage Manifest, byte[] SealedShare);
