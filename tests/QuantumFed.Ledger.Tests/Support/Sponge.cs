using System.Buffers.Binary;
using System.Numerics;

namespace QuantumFed.Ledger.Tests;

/// <summary>Keccak[c = 512] written down step by step from FIPS 202, section 3, slowly: what the fast one is held against.</summary>
internal static class Sponge
{
    public const int Rate = 136;

    public static byte[] Hash(ReadOnlySpan<byte> data, byte padding)
    {
        byte[] padded = new byte[(data.Length / Rate + 1) * Rate];
        data.CopyTo(padded);
        padded[data.Length] = padding;
        padded[^1] |= 0x80;
        ulong[,] state = new ulong[5, 5];
        for (int block = 0; block < padded.Length; block += Rate)
        {
            for (int lane = 0; lane < Rate / 8; lane++)
                state[lane % 5, lane / 5] ^= BinaryPrimitives.ReadUInt64LittleEndian(padded.AsSpan(block + 8 * lane));
            Permute(state);
        }
        byte[] hash = new byte[32];
        for (int lane = 0; lane < 4; lane++)
            BinaryPrimitives.WriteUInt64LittleEndian(hash.AsSpan(8 * lane), state[lane, 0]);
        return hash;
    }

    private static void Permute(ulong[,] a)
    {
        byte register = 1;
        for (int round = 0; round < 24; round++)
        {
            // Theta.
            ulong[] c = [.. Enumerable.Range(0, 5).Select(x => a[x, 0] ^ a[x, 1] ^ a[x, 2] ^ a[x, 3] ^ a[x, 4])];
            Each((x, y) => a[x, y] ^= c[(x + 4) % 5] ^ BitOperations.RotateLeft(c[(x + 1) % 5], 1));

            // Rho (section 3.2.2) and pi.
            ulong[,] b = (ulong[,])a.Clone();
            for (int t = 0, x = 1, y = 0; t < 24; t++, (x, y) = (y, (2 * x + 3 * y) % 5))
                b[x, y] = BitOperations.RotateLeft(a[x, y], (t + 1) * (t + 2) / 2 % 64);
            ulong[,] moved = new ulong[5, 5];
            Each((x, y) => moved[y, (2 * x + 3 * y) % 5] = b[x, y]);

            // Chi, and iota with the bits of the register of section 3.2.5.
            Each((x, y) => a[x, y] = moved[x, y] ^ (~moved[(x + 1) % 5, y] & moved[(x + 2) % 5, y]));
            for (int j = 0; j <= 6; j++)
            {
                a[0, 0] ^= (ulong)(register & 1) << ((1 << j) - 1);
                register = (byte)((register << 1) ^ ((register >> 7) * 0x71));
            }
        }
    }

    private static void Each(Action<int, int> act)
    {
        for (int i = 0; i < 25; i++)
            act(i % 5, i / 5);
    }
}
