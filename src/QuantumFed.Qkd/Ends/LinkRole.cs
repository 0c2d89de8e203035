namespace QuantumFed.Qkd;

/// <summary>Which end of a link somebody is.</summary>
public enum LinkRole : byte
{
    /// <summary>Sends the pulses. Its sifted key is the reference, and it decides how a block was settled.</summary>
    Transmitter = 1,

    /// <summary>Measures them. Its sifted key is corrected.</summary>
    Receiver = 2,
}
