using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>Key-additive homomorphic encryption; the scheme and its proofs are in <see cref="KaheParameters"/>.</summary>
public static class Kahe
{
    /// <summary>Encrypts a vector: b_k = a_k s + T e_k + m_k (mod q) for each block k, with fresh errors e_k.</summary>
    /// <remarks>
    /// m_k has <see cref="KaheParameters.ReservedCoefficients"/> zeros, the count 1, then the values, L to a coefficient, the first in the low
    /// bits; what is left of the last block is zero. Uses up <paramref name="secretKey"/> for encryption. Time and memory accesses do not depend on
    /// secret or values (save the refusal of a value out of range).
    /// Every ciphertext of a round must come from one <see cref="PublicElements"/> and one set of parameters.
    /// </remarks>
    /// <param name="parameters">Fixes packing and bounds.</param>
    /// <param name="secretKey">A fresh key.</param>
    /// <param name="elements">The round's elements, at least <see cref="KaheParameters.BlocksFor"/> the number of values.</param>
    /// <param name="values">At least one, each below 2^<see cref="KaheParameters.BitsPerValue"/>.</param>
    /// <exception cref="ArgumentException">There are no values or too few elements, or a value would overflow its lane; the message names its index.</exception>
    /// <exception cref="InvalidOperationException">The key has encrypted before.</exception>
    public static KaheCiphertext Encrypt(KaheParameters parameters, KaheSecretKey secretKey, PublicElements elements, ReadOnlySpan<uint> values)
    {
        using RandomStream random = RandomStream.FromOperatingSystem();
        return Encrypt(parameters, secretKey, elements, values, random);
    }

    internal static KaheCiphertext Encrypt(
        KaheParameters parameters, KaheSecretKey secretKey, PublicElements elements, ReadOnlySpan<uint> values, RandomStream errors)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(secretKey);
        ArgumentNullException.ThrowIfNull(elements);
        if (values.IsEmpty)
            throw new ArgumentException("There is nothing to encrypt.", nameof(values));
        int blocks = parameters.BlocksFor(values.Length);
        if (blocks > elements.Blocks)
            throw new ArgumentException($"{values.Length} values take {blocks} blocks, but there are {elements.Blocks} public elements.", nameof(elements));
        RequireRange(parameters, values);
        return EncryptCore(parameters, secretKey.TakeForEncryption(), elements, values, blocks, errors);
    }

    private static KaheCiphertext EncryptCore(
        KaheParameters parameters, TransformedElement secret, PublicElements elements, ReadOnlySpan<uint> values, int blocks, RandomStream random)
    {
        NegacyclicRing ring = KaheParameters.Ring;
        int n = ring.Degree;
        byte[] ciphertext = GC.AllocateUninitializedArray<byte>(parameters.CiphertextSizeInBytes(blocks));
        ulong[] coefficients = GC.AllocateUninitializedArray<ulong>(n, pinned: true);
        byte[] randomBytes = GC.AllocateUninitializedArray<byte>(n * CentredBinomial.BytesPerSample, pinned: true);
        int[] errors = GC.AllocateUninitializedArray<int>(n, pinned: true);
        ulong[] message = GC.AllocateUninitializedArray<ulong>(n, pinned: true);
        double[] scratch = GC.AllocateUninitializedArray<double>(n, pinned: true);

        for (int block = 0; block < blocks; block++)
        {
            CentredBinomial.Sample(random, randomBytes, errors);
            ReadOnlySpan<uint> blockValues = values[..Math.Min(parameters.ValuesPerBlock, values.Length)];
            values = values[blockValues.Length..];
            message.AsSpan().Clear();
            MessagePacking.Pack(parameters, blockValues, message);

            // The product never leaves this place bare: it is masked where it lands.
            ring.MultiplyInverse(elements.Block(block), secret, scratch, coefficients);
            MessageMask.Apply(KernelPaths.Widest, coefficients, errors, message, parameters.PlaintextBits, ring.Modulus.Value);
            CoefficientPacking.Pack(coefficients, ciphertext.AsSpan(block * KaheParameters.BlockSizeInBytes, KaheParameters.BlockSizeInBytes));
        }

        CryptographicOperations.ZeroMemory(randomBytes);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(errors.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(message.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(scratch.AsSpan()));
        // The last block's product was here before it was masked.
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(coefficients.AsSpan()));
        return new KaheCiphertext(ciphertext);
    }

    private static void RequireRange(KaheParameters parameters, ReadOnlySpan<uint> values)
    {
        if (Union(values) <= parameters.MaxValue)
            return;
        int index = 0;
        while (values[index] <= parameters.MaxValue)
            index++;
        throw new ArgumentException($"Value {index} needs more than the {parameters.BitsPerValue} bits a value has.", nameof(values));
    }

    /// <summary>The bits that any of the values has.</summary>
    private static uint Union(ReadOnlySpan<uint> values)
    {
        var some = Vector<uint>.Zero;
        while (values.Length >= Vector<uint>.Count)
        {
            some |= new Vector<uint>(values);
            values = values[Vector<uint>.Count..];
        }
        uint union = 0;
        for (int i = 0; i < Vector<uint>.Count; i++)
            union |= some[i];
        foreach (uint value in values)
            union |= value;
        return union;
    }
}
