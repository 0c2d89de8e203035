using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace QuantumFed.Ledger;

/// <summary>
/// scrypt (RFC 7914) with block size r = 1 and any N. The Web3 Secret Storage definition's own test vector, and keystores of Python's
/// eth-account, have n = 262144 with r = 1, which the RFC's bound on N excludes and OpenSSL therefore refuses. Nothing is written so.
/// </summary>
internal static class OneBlockScrypt
{
    private const int BlockWords = 32;

    /// <summary>Fills <paramref name="key"/>; <paramref name="n"/> is a power of two.</summary>
    public static void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int n, int p, Span<byte> key)
    {
        byte[] blocks = GC.AllocateArray<byte>(p * BlockWords * sizeof(uint), pinned: true);
        uint[] table = GC.AllocateUninitializedArray<uint>(n * BlockWords, pinned: true);
        uint[] block = GC.AllocateArray<uint>(BlockWords, pinned: true);
        try
        {
            Rfc2898DeriveBytes.Pbkdf2(password, salt, blocks, iterations: 1, HashAlgorithmName.SHA256);
            for (int i = 0; i < p; i++)
            {
                Span<byte> bytes = blocks.AsSpan(i * BlockWords * sizeof(uint), BlockWords * sizeof(uint));
                for (int word = 0; word < BlockWords; word++)
                    block[word] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(word * sizeof(uint))..]);
                Mix(block, table, n);
                for (int word = 0; word < BlockWords; word++)
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes[(word * sizeof(uint))..], block[word]);
            }
            Rfc2898DeriveBytes.Pbkdf2(password, blocks, key, iterations: 1, HashAlgorithmName.SHA256);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(blocks);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(table.AsSpan()));
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(block.AsSpan()));
        }
    }

    // Section 5, scryptROMix. That its second loop reads where the data say is scrypt's design.
    private static void Mix(Span<uint> block, Span<uint> table, int n)
    {
        for (int i = 0; i < n; i++)
        {
            block.CopyTo(table[(i * BlockWords)..]);
            MixBlock(block);
        }
        for (int i = 0; i < n; i++)
        {
            // Integerify: the first word of the last 64 bytes.
            int j = (int)(block[16] & (uint)(n - 1));
            Xor(block, table.Slice(j * BlockWords, BlockWords));
            MixBlock(block);
        }
    }

    // Section 4, scryptBlockMix with two 64-byte blocks.
    private static void MixBlock(Span<uint> block)
    {
        Span<uint> first = block[..16], second = block[16..];
        Xor(first, second);
        Salsa(first);
        Xor(second, first);
        Salsa(second);
    }

    private static void Xor(Span<uint> x, ReadOnlySpan<uint> y)
    {
        for (int i = 0; i < x.Length; i++)
            x[i] ^= y[i];
    }

    // Section 3, Salsa20/8: four double rounds, columns then rows; a row is the same quarter round with places exchanged.
    private static void Salsa(Span<uint> block)
    {
        Span<uint> x = stackalloc uint[16];
        block.CopyTo(x);
        for (int round = 0; round < 4; round++)
        {
            QuarterRound(x, 0, 4, 8, 12);
            QuarterRound(x, 5, 9, 13, 1);
            QuarterRound(x, 10, 14, 2, 6);
            QuarterRound(x, 15, 3, 7, 11);
            QuarterRound(x, 0, 1, 2, 3);
            QuarterRound(x, 5, 6, 7, 4);
            QuarterRound(x, 10, 11, 8, 9);
            QuarterRound(x, 15, 12, 13, 14);
        }
        for (int i = 0; i < 16; i++)
            block[i] += x[i];
    }

    private static void QuarterRound(Span<uint> x, int a, int b, int c, int d)
    {
        x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
        x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
        x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
        x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
    }
}
