using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>What a key manager says of one link (ETSI GS QKD 014, status data format).</summary>
/// <param name="SourceKme">The name of the key manager that answers, as it spells it.</param>
/// <param name="TargetKme">The name of the key manager at the other end.</param>
/// <param name="Master">Who asks.</param>
/// <param name="Slave">Who shares the keys.</param>
/// <param name="KeySizeInBits">The usual size of a key.</param>
/// <param name="StoredKeyCount">How many keys of that size wait.</param>
/// <param name="MaxKeyCount">How many can wait.</param>
public sealed record QuantumKeyStatus(
    string SourceKme, string TargetKme, MemberId Master, MemberId Slave, int KeySizeInBits, long StoredKeyCount, long MaxKeyCount);
