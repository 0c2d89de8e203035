using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>The kinds of ABI type, and what stands for a value of each.</summary>
internal enum AbiKind
{
    /// <summary><see cref="EthereumAddress"/>.</summary>
    Address,

    /// <summary><see cref="bool"/>.</summary>
    Boolean,

    /// <summary><see cref="ulong"/> up to 64 bits, <see cref="System.Numerics.BigInteger"/> beyond.</summary>
    UnsignedInteger,

    /// <summary><see cref="long"/> up to 64 bits, <see cref="System.Numerics.BigInteger"/> beyond.</summary>
    SignedInteger,

    /// <summary><see cref="Protocol.Digest"/> for bytes32, a byte array for shorter ones.</summary>
    FixedBytes,

    /// <summary>A byte array.</summary>
    Bytes,

    /// <summary><see cref="string"/>.</summary>
    Text,

    /// <summary>An array of <see cref="object"/>.</summary>
    Array,

    /// <summary>An array of <see cref="object"/>.</summary>
    FixedArray,

    /// <summary>An array of <see cref="object"/>.</summary>
    Tuple,
}
