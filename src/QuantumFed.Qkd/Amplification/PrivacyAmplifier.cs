using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace QuantumFed.Qkd;

/// <summary>Privacy amplification: a reconciled key of n bits times a random Toeplitz matrix of m rows, m at most what is secret of the key.</summary>
/// <remarks>
/// <para>Output bit i is the sum over j of t_(i-j+n-1) x_j mod 2, for seed bits t_0, ..., t_(n+m-2). Toeplitz matrices are a universal family
/// (Krawczyk, 1994), so by the leftover hash lemma the output is within epsilon of uniform and unknown to an attacker if
/// m &lt;= H_min(key | attacker) - 2 log2(1/(2 epsilon)) (Tomamichel, Schaffner, Smith, Renner, 2011).</para>
/// <para>The seed may be public but must be uniformly random and independent of the key: drawn by one end after reconciliation, sent over the
/// authenticated channel. It may serve many blocks; the epsilons of the blocks add up.</para>
/// <para>Time depends on n and m only. Not thread safe; erases what is left of keys on <see cref="Dispose"/>.</para>
/// </remarks>
public sealed class PrivacyAmplifier : IDisposable
{
    /// <summary>The longest input, in bits.</summary>
    public const int MostBits = CascadePlan.MostBits;

    private readonly ToeplitzProduct _product;
    private readonly ulong[] _matrix;
    private readonly ulong[] _input;
    private readonly ulong[] _output;
    private readonly ulong[] _scratch;

    private PrivacyAmplifier(int inputBits, int outputBits, ReadOnlySpan<ulong> seed, ToeplitzPath path)
    {
        InputBits = inputBits;
        OutputBits = outputBits;
        int inputWords = PackedBits.WordsFor(inputBits), outputWords = PackedBits.WordsFor(outputBits);
        _product = ToeplitzProduct.Plan(path, outputWords, inputWords);
        int block = _product.Block;
        _matrix = new ulong[(_product.Rows + _product.Columns) * block];
        _input = GC.AllocateArray<ulong>(_product.Columns * block, pinned: true);
        _output = GC.AllocateArray<ulong>(_product.Rows * block, pinned: true);
        _scratch = GC.AllocateArray<ulong>(_product.ScratchWords, pinned: true);

        // With the key shifted up to the end of its whole blocks, n' bits, output bit i is the coefficient of z^(i + n' - 1) in t(z) x(z) z^(n' - n).
        // One more shift of the seed, and it is z^(i + n'): the outputs begin with a word.
        ReadOnlySpan<ulong> bits = seed[..PackedBits.WordsFor(inputBits + outputBits - 1)];
        ShiftUp(bits, 1, _matrix);
        int last = inputBits + outputBits;
        if (last >>> 6 < _matrix.Length)
            _matrix[last >>> 6] &= (1UL << last) - 1;
    }

    /// <summary>n.</summary>
    public int InputBits { get; }

    /// <summary>m.</summary>
    public int OutputBits { get; }

    /// <summary>n + m - 1, the number of random bits that choose a matrix.</summary>
    public static int SeedBits(int inputBits, int outputBits) => inputBits + outputBits - 1;

    /// <summary>Prepares one matrix.</summary>
    /// <param name="inputBits">n, from 1 to <see cref="MostBits"/>.</param>
    /// <param name="outputBits">m, from 1 to n.</param>
    /// <param name="seed">t_0, t_1, ... in packed words; bits from n + m - 1 on are not used.</param>
    /// <exception cref="ArgumentOutOfRangeException">n or m is outside its range.</exception>
    /// <exception cref="ArgumentException">The seed has another number of words than n + m - 1 bits take.</exception>
    public static PrivacyAmplifier Create(int inputBits, int outputBits, ReadOnlySpan<ulong> seed) =>
        Create(inputBits, outputBits, seed, ToeplitzKernel.Widest);

    internal static PrivacyAmplifier Create(int inputBits, int outputBits, ReadOnlySpan<ulong> seed, ToeplitzPath path)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputBits, MostBits);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outputBits, inputBits);
        int words = PackedBits.WordsFor(SeedBits(inputBits, outputBits));
        if (seed.Length != words)
            throw new ArgumentException($"A seed of {SeedBits(inputBits, outputBits)} bits has {words} words, not {seed.Length}.", nameof(seed));
        return new PrivacyAmplifier(inputBits, outputBits, seed, path);
    }

    /// <summary>Hashes one key.</summary>
    /// <param name="key">n bits in packed words; bits beyond n are not used.</param>
    /// <param name="output">m bits in packed words, bits beyond m zero. May be the key's memory.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Amplify(ReadOnlySpan<ulong> key, Span<ulong> output)
    {
        int words = PackedBits.WordsFor(InputBits), outputWords = PackedBits.WordsFor(OutputBits);
        if (key.Length != words)
            throw new ArgumentException($"A key of {InputBits} bits has {words} words, not {key.Length}.", nameof(key));
        if (output.Length != outputWords)
            throw new ArgumentException($"An output of {OutputBits} bits has {outputWords} words, not {output.Length}.", nameof(output));

        // Bits beyond n would be shifted out at the top; the words go last first.
        ShiftUp(key, 64 * _input.Length - InputBits, _input);
        _input.AsSpan().Reverse();
        _output.AsSpan().Clear();
        _product.Accumulate(_output, _matrix, _input, _scratch);
        _output.AsSpan(0, outputWords).CopyTo(output);
        output[^1] &= PackedBits.TailMask(OutputBits);
        Erase();
    }

    /// <summary>Erases what is left of keys.</summary>
    public void Dispose() => Erase();

    /// <summary>destination = source times z^places; what does not fit is dropped, what is not reached is zero.</summary>
    private static void ShiftUp(ReadOnlySpan<ulong> source, int places, Span<ulong> destination)
    {
        int words = places >>> 6, bits = places & 63;
        destination.Clear();
        ulong carry = 0;
        for (int i = 0; i < source.Length && i + words < destination.Length; i++)
        {
            destination[i + words] = (source[i] << bits) | carry;
            carry = bits == 0 ? 0 : source[i] >>> (64 - bits);
        }
        if (source.Length + words < destination.Length)
            destination[source.Length + words] = carry;
    }

    private void Erase()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_input.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_output.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_scratch.AsSpan()));
    }
}
