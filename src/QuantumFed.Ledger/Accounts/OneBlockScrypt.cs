using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace QuantumFed.Ledger;

/// <summary>
/// scrypt (RFC 7914) with block size r = 1 and any N. The Web3 Secret Storage Definition's own test vector, and keystores of Python's
/// eth-account, have n = 262144 with r = 1, which the RFC's bound on N excludes and OpenSSL therefore refuses. Nothing is written so.
/// </summary>
/// <remarks>
/// A block is two of Salsa20's 4 x 4 squares of words, each as its four diagonals, so that a vector instruction does a step of four
/// columns or rows. Only the first and the last step know that order: what lies between is xor.
/// </remarks>
internal static class OneBlockScrypt
{
    private const int SquareWords = 16;
    private const int BlockWords = 2 * SquareWords;
    private const int BlockSizeInBytes = BlockWords * sizeof(uint);
    private const int BlockVectors = BlockWords / 4;

    /// <summary>Fills <paramref name="key"/>; <paramref name="n"/> is a power of two.</summary>
    /// <exception cref="CryptographicException">There is not enough memory.</exception>
    public static void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int n, int p, Span<byte> key)
    {
        byte[] blocks = GC.AllocateArray<byte>(p * BlockSizeInBytes, pinned: true);
        Vector128<uint>[] table = Table(n);
        Span<Vector128<uint>> block = stackalloc Vector128<uint>[BlockVectors];
        try
        {
            Rfc2898DeriveBytes.Pbkdf2(password, salt, blocks, iterations: 1, HashAlgorithmName.SHA256);
            for (int i = 0; i < p; i++)
            {
                Span<byte> bytes = blocks.AsSpan(i * BlockSizeInBytes, BlockSizeInBytes);
                Span<uint> words = MemoryMarshal.Cast<Vector128<uint>, uint>(block);
                for (int word = 0; word < BlockWords; word++)
                    words[word] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(sizeof(uint) * PlaceOf(word))..]);
                Mix(block, table, n);
                for (int word = 0; word < BlockWords; word++)
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes[(sizeof(uint) * PlaceOf(word))..], words[word]);
            }
            Rfc2898DeriveBytes.Pbkdf2(password, blocks, key, iterations: 1, HashAlgorithmName.SHA256);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(blocks);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(table.AsSpan()));
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(block));
        }
    }

    private static Vector128<uint>[] Table(int n)
    {
        try
        {
            return GC.AllocateUninitializedArray<Vector128<uint>>(n * BlockVectors, pinned: true);
        }
        catch (OutOfMemoryException)
        {
            throw new CryptographicException($"scrypt with n = {n} and r = 1 needs {n >> 13} MiB of memory, more than there is.");
        }
    }

    // Lane i of diagonal k is the word in column i, k rows below the main diagonal.
    private static int PlaceOf(int word)
    {
        int square = word / SquareWords, k = word / 4 % 4, i = word % 4;
        return square * SquareWords + (i + k) % 4 * 4 + i;
    }

    // Section 5, scryptROMix. That its second loop reads where the data say is scrypt's design.
    private static void Mix(Span<Vector128<uint>> block, Span<Vector128<uint>> table, int n)
    {
        for (int i = 0; i < n; i++)
        {
            block.CopyTo(table[(i * BlockVectors)..]);
            MixBlock(block);
        }
        for (int i = 0; i < n; i++)
        {
            // Integerify: the first word of the last 64 bytes.
            int j = (int)(block[BlockVectors / 2].ToScalar() & (uint)(n - 1));
            Xor(block, table.Slice(j * BlockVectors, BlockVectors));
            MixBlock(block);
        }
    }

    // Section 4, scryptBlockMix with two 64-byte blocks.
    private static void MixBlock(Span<Vector128<uint>> block)
    {
        Span<Vector128<uint>> first = block[..(BlockVectors / 2)], second = block[(BlockVectors / 2)..];
        Xor(first, second);
        Salsa(first);
        Xor(second, first);
        Salsa(second);
    }

    private static void Xor(Span<Vector128<uint>> x, ReadOnlySpan<Vector128<uint>> y)
    {
        for (int i = 0; i < x.Length; i++)
            x[i] ^= y[i];
    }

    // Section 3, Salsa20/8: four double rounds. Turning the diagonals makes rows of the columns, and turning them back columns again.
    private static void Salsa(Span<Vector128<uint>> square)
    {
        Vector128<uint> a = square[0], b = square[1], c = square[2], d = square[3];
        for (int round = 0; round < 4; round++)
        {
            b ^= Rotate(a + d, 7);
            c ^= Rotate(b + a, 9);
            d ^= Rotate(c + b, 13);
            a ^= Rotate(d + c, 18);
            (b, c, d) = (Turn(d, 1), Turn(c, 2), Turn(b, 3));
            b ^= Rotate(a + d, 7);
            c ^= Rotate(b + a, 9);
            d ^= Rotate(c + b, 13);
            a ^= Rotate(d + c, 18);
            (b, c, d) = (Turn(d, 1), Turn(c, 2), Turn(b, 3));
        }
        square[0] += a;
        square[1] += b;
        square[2] += c;
        square[3] += d;
    }

    private static Vector128<uint> Rotate(Vector128<uint> x, int bits) => (x << bits) | (x >>> (32 - bits));

    private static Vector128<uint> Turn(Vector128<uint> x, uint lanes) =>
        Vector128.Shuffle(x, Vector128.Create(lanes, lanes + 1, lanes + 2, lanes + 3) & Vector128.Create(3u));
}
