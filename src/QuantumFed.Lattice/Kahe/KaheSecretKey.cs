using System.Runtime.InteropServices;
using System.Security.Cryptography;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>A member's secret s for one round: n coefficients from CBD(42). Encrypts once; erased on dispose.</summary>
/// <remarks>Two messages under one secret and one a_k differ by their plaintexts and small errors only, so a second encryption is refused:
/// a new attempt needs a new key. Sharing it may come before or after. Not thread safe.</remarks>
public sealed class KaheSecretKey : IDisposable
{
    private readonly int[] _coefficients;
    private readonly TransformedElement[] _transformed;
    private int _used;
    private bool _disposed;

    private KaheSecretKey(KaheParameterSet set, int[] coefficients) => (Set, _coefficients, _transformed) = (set, coefficients, set.Transform(coefficients));

    /// <summary>A fresh secret from the operating system's generator, in constant time.</summary>
    public static KaheSecretKey Generate(KaheParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using RandomStream random = RandomStream.FromOperatingSystem();
        return Generate(parameters.Set, random);
    }

    internal static KaheSecretKey Generate(KaheParameterSet set, RandomStream random)
    {
        int degree = set.RingDegree;
        int[] coefficients = GC.AllocateArray<int>(degree, pinned: true);
        byte[] scratch = GC.AllocateUninitializedArray<byte>(degree * CentredBinomial.BytesPerSample, pinned: true);
        CentredBinomial.Sample(random, scratch, coefficients);
        CryptographicOperations.ZeroMemory(scratch);
        return new KaheSecretKey(set, coefficients);
    }

    /// <summary>The set it is for.</summary>
    public KaheParameterSet Set { get; }

    /// <summary>The coefficients, in [-42, 42].</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    internal ReadOnlySpan<int> Coefficients
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _coefficients;
        }
    }

    /// <summary>Erases the secret.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_coefficients.AsSpan()));
        // An encryption that has taken them erases them itself: under a key erased too early it would write its message as it is.
        if (Interlocked.Exchange(ref _used, 1) != 0)
            return;
        foreach (TransformedElement transformed in _transformed)
            transformed.Dispose();
    }

    /// <summary>Refuses another set than the key's.</summary>
    internal void RequireSet(KaheParameterSet set)
    {
        if (set != Set)
            throw new ArgumentException($"The key is of {Set}, not {set}.", nameof(set));
    }

    /// <summary>Hands over the transformed secret, once: one element for each prime. Whoever takes it erases it.</summary>
    /// <exception cref="InvalidOperationException">The key has encrypted before.</exception>
    internal TransformedElement[] TakeForEncryption()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _used, 1) != 0)
            throw new InvalidOperationException("This secret has encrypted once; a second message under it would reveal both.");
        return _transformed;
    }
}
