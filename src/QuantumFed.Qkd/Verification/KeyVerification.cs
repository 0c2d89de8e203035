using System.Runtime.InteropServices;
using System.Security.Cryptography;
using QuantumFed.Randomness;

namespace QuantumFed.Qkd;

/// <summary>Whether two reconciled keys are equal: one end draws a hash key and sends it with its own key's hash, the other compares.</summary>
/// <remarks>
/// <para>The hash key must be drawn after reconciliation has ended, and the message must be authenticated like every other. Two different keys of n
/// bits are taken for equal with probability at most ceil(n/128) 2^-128: see <see cref="PolynomialHash"/>.</para>
/// <para>The message gives away <see cref="LeakedBits"/> bits about the key, to be subtracted in privacy amplification. A comparison takes the
/// same time whatever the keys hold.</para>
/// </remarks>
public static class KeyVerification
{
    /// <summary>The message's length: hash key and hash.</summary>
    public const int MessageSizeInBytes = 2 * PolynomialHash.SizeInBytes;

    /// <summary>What the message gives away about the key.</summary>
    public const int LeakedBits = 8 * PolynomialHash.SizeInBytes;

    /// <summary>The message of the end that begins.</summary>
    /// <param name="key">The reconciled key in packed words, bits beyond its length zero.</param>
    /// <param name="random">Where the hash key comes from: secret until it is sent.</param>
    public static byte[] CreateMessage(ReadOnlySpan<ulong> key, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        byte[] message = new byte[MessageSizeInBytes];
        random.Fill(message.AsSpan(0, PolynomialHash.SizeInBytes));
        PolynomialHash.Hash(message.AsSpan(0, PolynomialHash.SizeInBytes), MemoryMarshal.AsBytes(key), message.AsSpan(PolynomialHash.SizeInBytes));
        return message;
    }

    /// <summary>Whether the other end's message fits the own key: <see langword="false"/> for a different key and for any other message.</summary>
    public static bool Confirms(ReadOnlySpan<ulong> key, ReadOnlySpan<byte> message)
    {
        if (message.Length != MessageSizeInBytes)
            return false;
        Span<byte> hash = stackalloc byte[PolynomialHash.SizeInBytes];
        PolynomialHash.Hash(message[..PolynomialHash.SizeInBytes], MemoryMarshal.AsBytes(key), hash);
        return CryptographicOperations.FixedTimeEquals(hash, message[PolynomialHash.SizeInBytes..]);
    }

    /// <summary>ceil(n/128) 2^-128, the probability that different keys of n bits pass.</summary>
    public static double ErrorBound(int lengthInBits)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lengthInBits);
        return (lengthInBits + 127L) / 128 * Math.Pow(2, -128);
    }
}
