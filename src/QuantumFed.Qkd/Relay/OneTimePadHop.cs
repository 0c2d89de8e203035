using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>One hop of a key over trusted nodes: the key under a one-time pad, with the nodes that know it so far, and a Wegman-Carter tag over all of it.</summary>
/// <remarks>
/// <para>Pad and tag are paid from key that a quantum link made for the two neighbours: n + 256 bits a hop for a key of n bits, over h hops h (n + 256). Each hop's key is used for one
/// message and erased by its owner. Confidentiality is perfect; a changed message of L blocks of 16 bytes passes with probability at most (L + 1) 2^-128.</para>
/// <para>Nodes are trusted: every one on the path knows the key, and could lie about the nodes before it.</para>
/// <para>Bytes, version 1: "QF-HOP-1" (8), id (16), the path's number of nodes (1), each name after its length (1), the key's length n/8 (4, little-endian), the encrypted key, the
/// tag (16). Hop key: the pad (n/8 bytes), the hash's key (16), the tag's pad (16).</para>
/// </remarks>
public static class OneTimePadHop
{
    /// <summary>The longest key, in bytes.</summary>
    public const int MostKeyBytes = 1 << 20;

    /// <summary>What the tag takes of a hop's key, in bits.</summary>
    public const int TagCostInBits = 16 * PolynomialHash.SizeInBytes;

    private const int HeaderSize = 8 + RelayKeyId.SizeInBytes;
    private const int LeastSize = HeaderSize + 1 + 2 + sizeof(int) + 1 + PolynomialHash.SizeInBytes;

    private static ReadOnlySpan<byte> Magic => "QF-HOP-1"u8;

    /// <summary>What a hop takes of its link's key, in bytes.</summary>
    public static int HopKeyBytes(int keyBytes) => keyBytes + TagCostInBits / 8;

    /// <summary>Seals a key for the next node.</summary>
    /// <param name="hopKey">Key shared with that node and used for nothing else, <see cref="HopKeyBytes"/> long.</param>
    /// <param name="id">The key's name.</param>
    /// <param name="path">The nodes that know the key, the own last.</param>
    /// <param name="key">From 1 to <see cref="MostKeyBytes"/> bytes.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public static byte[] Seal(ReadOnlySpan<byte> hopKey, RelayKeyId id, RelayPath path, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (key.Length is 0 or > MostKeyBytes)
            throw new ArgumentException($"A key has 1 to {MostKeyBytes} bytes.", nameof(key));
        if (hopKey.Length != HopKeyBytes(key.Length))
            throw new ArgumentException($"A hop of {key.Length} bytes takes {HopKeyBytes(key.Length)} bytes of key, not {hopKey.Length}.", nameof(hopKey));
        byte[] message = new byte[HeaderSize + path.SizeInBytes + sizeof(int) + key.Length + PolynomialHash.SizeInBytes];
        Magic.CopyTo(message);
        id.Write(message.AsSpan(8));
        path.Write(message.AsSpan(HeaderSize));
        Span<byte> rest = message.AsSpan(HeaderSize + path.SizeInBytes);
        BinaryPrimitives.WriteInt32LittleEndian(rest, key.Length);
        rest = rest[sizeof(int)..];
        Xor(key, hopKey, rest);
        Tag(hopKey[key.Length..], message.AsSpan(0, message.Length - PolynomialHash.SizeInBytes), rest[key.Length..]);
        return message;
    }

    /// <summary>The key's length in a message, to take as much of the link's key as its hop costs; nothing of it is authenticated yet.</summary>
    /// <returns><see langword="false"/> for what is no message of a hop.</returns>
    public static bool TryReadKeyBytes(ReadOnlySpan<byte> message, out int keyBytes) => TryParse(message, out _, out _, out keyBytes);

    /// <summary>Opens a message.</summary>
    /// <param name="hopKey">The key shared with the node that sent it, which is used up whether or not the message is right.</param>
    /// <param name="sender">That node, which must be the path's last.</param>
    /// <param name="message">The message.</param>
    /// <param name="relayed">The key with its path, for the caller to dispose.</param>
    /// <returns><see langword="false"/> for everything that this node did not seal with this key.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> hopKey, RelayNodeName sender, ReadOnlySpan<byte> message, [NotNullWhen(true)] out RelayedKey? relayed)
    {
        relayed = null;
        if (!TryParse(message, out RelayKeyId id, out RelayPath? path, out int keyBytes) || hopKey.Length != HopKeyBytes(keyBytes))
            return false;
        Span<byte> tag = stackalloc byte[PolynomialHash.SizeInBytes];
        Tag(hopKey[keyBytes..], message[..^PolynomialHash.SizeInBytes], tag);
        bool equal = CryptographicOperations.FixedTimeEquals(tag, message[^PolynomialHash.SizeInBytes..]);
        CryptographicOperations.ZeroMemory(tag);
        if (!equal || path!.Last != sender)
            return false;
        byte[] key = GC.AllocateUninitializedArray<byte>(keyBytes, pinned: true);
        Xor(message.Slice(message.Length - PolynomialHash.SizeInBytes - keyBytes, keyBytes), hopKey, key);
        relayed = new RelayedKey(id, path, key);
        return true;
    }

    private static bool TryParse(ReadOnlySpan<byte> message, out RelayKeyId id, out RelayPath? path, out int keyBytes)
    {
        (id, path, keyBytes) = (default, null, 0);
        if (message.Length < LeastSize || !message.StartsWith(Magic))
            return false;
        ReadOnlySpan<byte> rest = message[HeaderSize..];
        if (!RelayPath.TryRead(ref rest, out path) || rest.Length < sizeof(int))
            return false;
        id = RelayKeyId.Read(message[8..]);
        keyBytes = BinaryPrimitives.ReadInt32LittleEndian(rest);
        return keyBytes is > 0 and <= MostKeyBytes && rest.Length == sizeof(int) + keyBytes + PolynomialHash.SizeInBytes;
    }

    private static void Tag(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> message, Span<byte> tag)
    {
        PolynomialHash.Hash(key32[..PolynomialHash.SizeInBytes], message, tag);
        for (int i = 0; i < PolynomialHash.SizeInBytes; i++)
            tag[i] ^= key32[PolynomialHash.SizeInBytes + i];
    }

    private static void Xor(ReadOnlySpan<byte> one, ReadOnlySpan<byte> pad, Span<byte> destination)
    {
        for (int i = 0; i < one.Length; i++)
            destination[i] = (byte)(one[i] ^ pad[i]);
    }
}
