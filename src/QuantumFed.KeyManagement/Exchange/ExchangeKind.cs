namespace QuantumFed.KeyManagement;

/// <summary>The kinds of <see cref="ExchangeMessage"/>. The value is the byte on the wire.</summary>
internal enum ExchangeKind : byte
{
    /// <summary>None: no message has it.</summary>
    None = 0,

    /// <summary>What waits at the sender's end; the first message of each side.</summary>
    Pool = 1,

    /// <summary>To the end that allots units: keys for a master at the sender's end.</summary>
    Ask = 2,

    /// <summary>From the end that allots units: keys that its own application obtains, for the receiver to grant.</summary>
    Grant = 3,

    /// <summary>The answer to <see cref="Ask"/>: the keys, which the sender has granted.</summary>
    Granted = 4,

    /// <summary>The answer to <see cref="Grant"/>: granted.</summary>
    Done = 5,

    /// <summary>The answer to <see cref="Ask"/> or <see cref="Grant"/>: not done, and nothing changed at the sender's end.</summary>
    Refused = 6,
}
