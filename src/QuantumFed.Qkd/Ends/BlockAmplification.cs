using System.Runtime.InteropServices;

namespace QuantumFed.Qkd;

/// <summary>One matrix over a block's whole reconciled key. Hashing it in pieces would need a bound on each piece's entropy, which does not follow from the block's.</summary>
internal static class BlockAmplification
{
    /// <summary>The bytes of a matrix's random bits.</summary>
    internal static int SeedSize(int inputBits, int outputBits) => BitPlane.SizeInBytes(PrivacyAmplifier.SeedBits(inputBits, outputBits));

    /// <summary>Hashes.</summary>
    /// <param name="key">The key, n bits in packed words.</param>
    /// <param name="inputBits">n.</param>
    /// <param name="outputBits">m, whole bytes.</param>
    /// <param name="seed">The matrix.</param>
    /// <returns>m / 8 bytes, the caller's to erase.</returns>
    internal static byte[] Run(ulong[] key, int inputBits, int outputBits, ReadOnlySpan<byte> seed)
    {
        using PrivacyAmplifier amplifier = PrivacyAmplifier.Create(inputBits, outputBits, MemoryMarshal.Cast<byte, ulong>(seed));
        ulong[] output = BitPlane.Allocate(outputBits);
        amplifier.Amplify(key, output);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(outputBits / 8, pinned: true);
        MemoryMarshal.AsBytes(output.AsSpan())[..bytes.Length].CopyTo(bytes);
        BitPlane.Erase(output);
        return bytes;
    }
}
