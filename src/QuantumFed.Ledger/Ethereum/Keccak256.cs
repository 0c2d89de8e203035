using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>
/// Keccak-256 as Ethereum uses it: Keccak[c = 512] with the original padding (first byte 0x01), not FIPS 202's SHA3-256 (0x06).
/// A keystore's MAC hashes secrets with it: no branch or index depends on the data, and the state is erased.
/// </summary>
public static class Keccak256
{
    /// <summary>The hash's length in bytes.</summary>
    public const int SizeInBytes = 32;

    private const int Rate = 136;
    private const int Lanes = 25;

    // FIPS 202, section 3.2.5: the round constants.
    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B, 0x0000000080000001,
        0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
        0x000000000000800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    // Section 3.2.2 and 3.2.3 walked along pi's one cycle from lane (1, 0): rotation and destination of each lane on the way.
    private static ReadOnlySpan<byte> Rotations => [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];

    private static ReadOnlySpan<byte> Destinations => [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

    /// <summary>The hash of <paramref name="data"/>, in a new array of 32 bytes.</summary>
    public static byte[] HashData(ReadOnlySpan<byte> data)
    {
        byte[] hash = new byte[SizeInBytes];
        HashData(data, hash);
        return hash;
    }

    /// <summary>The hash of <paramref name="data"/> as a value: how the ledger's own hashes are carried.</summary>
    public static Digest DigestOf(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[SizeInBytes];
        HashData(data, hash);
        return new Digest(hash);
    }

    /// <summary>Writes the hash of <paramref name="data"/> to the first 32 bytes of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than 32 bytes.</exception>
    public static void HashData(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        if (destination.Length < SizeInBytes)
            throw new ArgumentException($"A hash needs {SizeInBytes} bytes.", nameof(destination));
        Span<ulong> state = stackalloc ulong[Lanes];
        state.Clear();
        for (; data.Length >= Rate; data = data[Rate..])
            Absorb(state, data[..Rate]);
        Span<byte> last = stackalloc byte[Rate];
        last.Clear();
        data.CopyTo(last);
        last[data.Length] = 0x01;
        last[Rate - 1] |= 0x80;
        Absorb(state, last);
        for (int lane = 0; lane < SizeInBytes / 8; lane++)
            BinaryPrimitives.WriteUInt64LittleEndian(destination[(8 * lane)..], state[lane]);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(state));
        CryptographicOperations.ZeroMemory(last);
    }

    private static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        for (int lane = 0; lane < Rate / 8; lane++)
            state[lane] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * lane)..]);
        Permute(state);
    }

    private static void Permute(Span<ulong> a)
    {
        Span<ulong> c = stackalloc ulong[5];
        foreach (ulong constant in RoundConstants)
        {
            for (int x = 0; x < 5; x++)
                c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
            for (int x = 0; x < 5; x++)
            {
                ulong d = c[(x + 4) % 5] ^ BitOperations.RotateLeft(c[(x + 1) % 5], 1);
                for (int y = 0; y < Lanes; y += 5)
                    a[y + x] ^= d;
            }
            ulong moving = a[1];
            for (int i = 0; i < Rotations.Length; i++)
            {
                int destination = Destinations[i];
                (a[destination], moving) = (BitOperations.RotateLeft(moving, Rotations[i]), a[destination]);
            }
            for (int y = 0; y < Lanes; y += 5)
            {
                ulong a0 = a[y], a1 = a[y + 1], a2 = a[y + 2], a3 = a[y + 3], a4 = a[y + 4];
                a[y] = a0 ^ (~a1 & a2);
                a[y + 1] = a1 ^ (~a2 & a3);
                a[y + 2] = a2 ^ (~a3 & a4);
                a[y + 3] = a3 ^ (~a4 & a0);
                a[y + 4] = a4 ^ (~a0 & a1);
            }
            a[0] ^= constant;
        }
    }
}
