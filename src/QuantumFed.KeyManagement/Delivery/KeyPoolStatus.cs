namespace QuantumFed.KeyManagement;

/// <summary>A link's pool of keys.</summary>
/// <param name="StoredBits">Bits that wait to be taken.</param>
/// <param name="CapacityBits">Bits that can wait.</param>
/// <param name="Alarm">Why the link delivers no new key, for people, or null where it does.</param>
public sealed record KeyPoolStatus(long StoredBits, long CapacityBits, string? Alarm);
