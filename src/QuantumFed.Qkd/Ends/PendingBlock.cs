using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>A block whose key is ready while this end does not know yet that both settle it. Its first bytes are the tokens that settle it.</summary>
/// <remarks>A token is a part of the key, so that nobody but the two ends can say it, and is said at most once by the one end that may: by the receiver that its key is saved,
/// by the transmitter that the block is settled, or that it is abandoned.</remarks>
internal sealed class PendingBlock(ulong number, bool isSecret, int returnedBytes, byte[] key) : IDisposable
{
    internal const int TokenSize = 16;

    /// <summary>What settling costs of every block's key.</summary>
    internal const int SettlementSize = 3 * TokenSize;

    internal const int SettlementBits = 8 * SettlementSize;

    internal ulong Number { get; } = number;

    internal bool IsSecret { get; } = isSecret;

    /// <summary>What of the key goes to the reserve. Fixed when the key was made, since then both ends' reserves were alike.</summary>
    internal int ReturnedBytes { get; } = returnedBytes;

    /// <summary>Tokens, what goes to the reserve, what is delivered.</summary>
    internal byte[] Key { get; } = key;

    /// <summary>The receiver saved its key.</summary>
    internal ReadOnlySpan<byte> ReadyToken => Key.AsSpan(0, TokenSize);

    /// <summary>The transmitter settled the block.</summary>
    internal ReadOnlySpan<byte> SettledToken => Key.AsSpan(TokenSize, TokenSize);

    /// <summary>The transmitter abandoned it.</summary>
    internal ReadOnlySpan<byte> AbandonedToken => Key.AsSpan(2 * TokenSize, TokenSize);

    internal Memory<byte> Delivered => Key.AsMemory(SettlementSize + ReturnedBytes);

    public void Dispose() => CryptographicOperations.ZeroMemory(Key);
}
