using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>Key-additive homomorphic encryption of a vector that is in memory as a whole; <see cref="KaheEncryptor"/> takes one in chunks.</summary>
public static class Kahe
{
    /// <summary>Encrypts a vector of integers and uses up <paramref name="secretKey"/> for encryption.</summary>
    /// <param name="parameters">Fixes packing and bounds.</param>
    /// <param name="secretKey">A fresh key.</param>
    /// <param name="elements">The round's elements, at least <see cref="KaheParameters.BlocksFor"/> the number of values.</param>
    /// <param name="values">At least one, each below 2^<see cref="KaheParameters.BitsPerValue"/>.</param>
    /// <param name="options">Threads, progress and cancellation.</param>
    /// <exception cref="ArgumentException">There are no values or too few elements, or a value would overflow its lane; the message names its index.</exception>
    /// <exception cref="InvalidOperationException">The key has encrypted before.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the key is used up.</exception>
    public static KaheCiphertext Encrypt(
        KaheParameters parameters, KaheSecretKey secretKey, PublicElements elements, ReadOnlySpan<uint> values, PipelineOptions? options = null) =>
        Encrypt(parameters, secretKey, elements, values, options ?? PipelineOptions.Default, null);

    /// <summary>With errors from one stream, so on one thread.</summary>
    internal static KaheCiphertext Encrypt(
        KaheParameters parameters, KaheSecretKey secretKey, PublicElements elements, ReadOnlySpan<uint> values, RandomStream errors) =>
        Encrypt(parameters, secretKey, elements, values, new PipelineOptions { Threads = 1 }, errors);

    private static KaheCiphertext Encrypt(
        KaheParameters parameters, KaheSecretKey secretKey, PublicElements elements, ReadOnlySpan<uint> values, PipelineOptions options,
        RandomStream? errors)
    {
        if (values.IsEmpty)
            throw new ArgumentException("There is nothing to encrypt.", nameof(values));
        ArgumentNullException.ThrowIfNull(parameters);
        parameters.RequireRange(values);
        using KaheEncryptor encryptor = KaheEncryptor.Create(parameters, secretKey, elements, values.Length, options, errors);
        byte[] ciphertext = GC.AllocateUninitializedArray<byte>(encryptor.SizeInBytes(values.Length));
        encryptor.Encrypt(values, ciphertext);
        return new KaheCiphertext(parameters.Set, ciphertext);
    }
}
