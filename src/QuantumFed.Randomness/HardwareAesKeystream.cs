using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using AesNi = System.Runtime.Intrinsics.X86.Aes;

namespace QuantumFed.Randomness;

/// <summary>AES-256 with the processor's AES instructions, eight independent blocks in flight to hide their latency.</summary>
internal sealed class HardwareAesKeystream : AesKeystream
{
    private const int Rounds = 14;
    private const int Wide = 8;

    // Reverses the 16 bytes: the counter is kept as a little-endian 128-bit number, the block is big-endian.
    // A property, so that the shuffle sees a constant.
    private static Vector128<byte> Reversal
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    }

    // Pinned, so that the zeroing in Dispose reaches the only copy.
    private readonly Vector128<byte>[] _roundKeys = GC.AllocateArray<Vector128<byte>>(Rounds + 1, pinned: true);

    internal HardwareAesKeystream(ReadOnlySpan<byte> key32) => SetKey(key32);

    internal static bool IsSupported => AesNi.IsSupported && BitConverter.IsLittleEndian;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void Encrypt(UInt128 counter, Span<byte> blocks)
    {
        ref byte output = ref MemoryMarshal.GetReference(blocks);
        int offset = 0;
        while (blocks.Length - offset >= Wide * BlockSizeInBytes)
        {
            if ((ulong)counter > ulong.MaxValue - Wide)
            {
                EncryptOne(Block(counter++)).StoreUnsafe(ref Unsafe.Add(ref output, offset));
                offset += BlockSizeInBytes;
                continue;
            }
            EncryptEight(Vector128.Create((ulong)counter, (ulong)(counter >> 64)), ref Unsafe.Add(ref output, offset));
            counter += Wide;
            offset += Wide * BlockSizeInBytes;
        }
        for (; offset < blocks.Length; offset += BlockSizeInBytes, counter++)
            EncryptOne(Block(counter)).StoreUnsafe(ref Unsafe.Add(ref output, offset));
    }

    internal override void SetKey(ReadOnlySpan<byte> key32) => ExpandKey(key32, _roundKeys);

    public override void Dispose() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_roundKeys.AsSpan()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Block(UInt128 counter) => Block(Vector128.Create((ulong)counter, (ulong)(counter >> 64)), 0);

    /// <summary>The block of counter + index; the low half must not carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Block(Vector128<ulong> counter, ulong index) =>
        Vector128.Shuffle((counter + Vector128.Create(index, 0)).AsByte(), Reversal);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector128<byte> EncryptOne(Vector128<byte> block)
    {
        block ^= _roundKeys[0];
        for (int round = 1; round < Rounds; round++)
            block = AesNi.Encrypt(block, _roundKeys[round]);
        return AesNi.EncryptLast(block, _roundKeys[Rounds]);
    }

    /// <summary>The low half of the counter must not carry within the eight blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EncryptEight(Vector128<ulong> counter, ref byte output)
    {
        ReadOnlySpan<Vector128<byte>> keys = _roundKeys;
        Vector128<byte> key = keys[0];
        Vector128<byte> b0 = Block(counter, 0) ^ key, b1 = Block(counter, 1) ^ key, b2 = Block(counter, 2) ^ key, b3 = Block(counter, 3) ^ key;
        Vector128<byte> b4 = Block(counter, 4) ^ key, b5 = Block(counter, 5) ^ key, b6 = Block(counter, 6) ^ key, b7 = Block(counter, 7) ^ key;
        for (int round = 1; round < Rounds; round++)
        {
            key = keys[round];
            b0 = AesNi.Encrypt(b0, key);
            b1 = AesNi.Encrypt(b1, key);
            b2 = AesNi.Encrypt(b2, key);
            b3 = AesNi.Encrypt(b3, key);
            b4 = AesNi.Encrypt(b4, key);
            b5 = AesNi.Encrypt(b5, key);
            b6 = AesNi.Encrypt(b6, key);
            b7 = AesNi.Encrypt(b7, key);
        }
        key = keys[Rounds];
        AesNi.EncryptLast(b0, key).StoreUnsafe(ref output);
        AesNi.EncryptLast(b1, key).StoreUnsafe(ref output, 16);
        AesNi.EncryptLast(b2, key).StoreUnsafe(ref output, 32);
        AesNi.EncryptLast(b3, key).StoreUnsafe(ref output, 48);
        AesNi.EncryptLast(b4, key).StoreUnsafe(ref output, 64);
        AesNi.EncryptLast(b5, key).StoreUnsafe(ref output, 80);
        AesNi.EncryptLast(b6, key).StoreUnsafe(ref output, 96);
        AesNi.EncryptLast(b7, key).StoreUnsafe(ref output, 112);
    }

    /// <summary>The key schedule of FIPS 197, section 5.2, for Nk = 8: the even round keys rotate and add a constant, the odd ones do not.</summary>
    private static void ExpandKey(ReadOnlySpan<byte> key, Span<Vector128<byte>> w)
    {
        w[0] = Vector128.Create(key[..16]);
        w[1] = Vector128.Create(key[16..]);
        // The round constant is an immediate of the instruction, hence no loop.
        w[2] = Even(w[0], AesNi.KeygenAssist(w[1], 0x01));
        w[3] = Odd(w[1], AesNi.KeygenAssist(w[2], 0));
        w[4] = Even(w[2], AesNi.KeygenAssist(w[3], 0x02));
        w[5] = Odd(w[3], AesNi.KeygenAssist(w[4], 0));
        w[6] = Even(w[4], AesNi.KeygenAssist(w[5], 0x04));
        w[7] = Odd(w[5], AesNi.KeygenAssist(w[6], 0));
        w[8] = Even(w[6], AesNi.KeygenAssist(w[7], 0x08));
        w[9] = Odd(w[7], AesNi.KeygenAssist(w[8], 0));
        w[10] = Even(w[8], AesNi.KeygenAssist(w[9], 0x10));
        w[11] = Odd(w[9], AesNi.KeygenAssist(w[10], 0));
        w[12] = Even(w[10], AesNi.KeygenAssist(w[11], 0x20));
        w[13] = Odd(w[11], AesNi.KeygenAssist(w[12], 0));
        w[14] = Even(w[12], AesNi.KeygenAssist(w[13], 0x40));
    }

    // KeygenAssist's words: 3 holds RotWord(SubWord(last word)) ^ constant, 2 holds SubWord(last word).
    private static Vector128<byte> Even(Vector128<byte> previous, Vector128<byte> assist) =>
        PrefixXor(previous) ^ Vector128.Shuffle(assist.AsUInt32(), Vector128.Create(3u)).AsByte();

    private static Vector128<byte> Odd(Vector128<byte> previous, Vector128<byte> assist) =>
        PrefixXor(previous) ^ Vector128.Shuffle(assist.AsUInt32(), Vector128.Create(2u)).AsByte();

    /// <summary>Word i becomes the xor of words 0 to i.</summary>
    private static Vector128<byte> PrefixXor(Vector128<byte> words)
    {
        Vector128<uint> x = words.AsUInt32();
        // Indices past the end select zero.
        x ^= Vector128.Shuffle(x, Vector128.Create(4u, 0, 1, 2));
        x ^= Vector128.Shuffle(x, Vector128.Create(4u, 4, 0, 1));
        return x.AsByte();
    }
}
