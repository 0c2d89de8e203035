namespace QuantumFed.Protocol;

/// <summary>What a payload key was mixed from. The value is the byte on the wire.</summary>
public enum PayloadMode : byte
{
    /// <summary>None: no header has it.</summary>
    None = 0,

    /// <summary>An ML-KEM-768 secret and a key of a quantum link: secure as long as either holds.</summary>
    MLKemAndQuantumKey = 1,

    /// <summary>An ML-KEM-768 secret alone.</summary>
    MLKemOnly = 2,
}
