using System.Runtime.InteropServices;
using System.Security.Cryptography;
using QuantumFed.Randomness;

namespace QuantumFed.Lattice;

/// <summary>
/// Encrypts one vector that comes in chunks of any length, in order, and writes each block of the ciphertext as soon as its values are there. The memory it takes
/// does not grow with the vector, and nothing is allocated for a block. Erased on dispose; not thread safe, but it works on several threads itself.
/// </summary>
/// <remarks>
/// <para>Block k is b_k = a_k s + T e_k + m_k (mod q), with fresh errors e_k; the scheme and its proofs are in <see cref="KaheParameters"/>. m_k has
/// <see cref="KaheParameters.ReservedCoefficients"/> zeros, the count 1, then the values, L to a coefficient, the first in the low bits; what is left
/// of the last block is zero. Every ciphertext of a round must come from one seed and one set of parameters.</para>
/// <para>Time and memory accesses do not depend on secret or values, save the refusal of a value out of range.</para>
/// <para>After an exception it is of no more use, and neither is the key: a new attempt needs a new key. Disposed while a call works, it is erased when
/// the call has ended.</para>
/// </remarks>
public sealed unsafe class KaheEncryptor : IDisposable
{
    private readonly KaheParameters _parameters;
    private readonly TransformedElement[] _secret;
    private readonly PublicElements _elements;
    private readonly PipelineOptions _options;
    private readonly EncryptionWorker[] _workers;
    private readonly CallGate _calls;
    // Values of the next block that came without the rest of it.
    private readonly uint[] _pending;
    private int _pendingCount;
    private int _block;
    private int _left;
    private bool _broken;

    private KaheEncryptor(
        KaheParameters parameters, PublicElements elements, int valueCount, PipelineOptions options, EncryptionWorker[] workers, uint[] pending,
        TransformedElement[] secret)
    {
        (_parameters, _elements, _left, _options, _workers, _pending, _secret) = (parameters, elements, valueCount, options, workers, pending, secret);
        _calls = new CallGate(Erase);
    }

    /// <summary>How many values are still to come.</summary>
    public int ValuesLeft => _left;

    /// <summary>Begins the only encryption of a key.</summary>
    /// <param name="parameters">Fixes packing and bounds.</param>
    /// <param name="secretKey">A fresh key, which may be disposed before the encryption is over.</param>
    /// <param name="elements">The round's elements, at least <see cref="KaheParameters.BlocksFor"/> the number of values.</param>
    /// <param name="valueCount">The length of the vector, at least 1.</param>
    /// <param name="options">Threads, progress and cancellation.</param>
    /// <exception cref="ArgumentException">There are no values, too few elements, or key or elements are of another set.</exception>
    /// <exception cref="InvalidOperationException">The key has encrypted before.</exception>
    public static KaheEncryptor Create(
        KaheParameters parameters, KaheSecretKey secretKey, PublicElements elements, int valueCount, PipelineOptions? options = null) =>
        Create(parameters, secretKey, elements, valueCount, options ?? PipelineOptions.Default, null);

    /// <summary>With errors from a stream of the caller's, then on one thread.</summary>
    internal static KaheEncryptor Create(
        KaheParameters parameters, KaheSecretKey secretKey, PublicElements elements, int valueCount, PipelineOptions options, RandomStream? errors)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(secretKey);
        ArgumentNullException.ThrowIfNull(elements);
        secretKey.RequireSet(parameters.Set);
        elements.RequireSet(parameters.Set);
        int blocks = parameters.BlocksFor(valueCount);
        if (blocks > elements.Blocks)
            throw new ArgumentException($"{valueCount} values take {blocks} blocks, but there are {elements.Blocks} public elements.", nameof(elements));
        var workers = new EncryptionWorker[errors is null ? ParallelBlocks.Workers(blocks, options) : 1];
        try
        {
            for (int i = 0; i < workers.Length; i++)
                workers[i] = new EncryptionWorker(parameters, errors ?? RandomStream.FromOperatingSystem(), ownsRandom: errors is null);
            uint[] pending = GC.AllocateUninitializedArray<uint>(parameters.ValuesPerBlock, pinned: true);
            return new KaheEncryptor(parameters, elements, valueCount, options, workers, pending, secretKey.TakeForEncryption());
        }
        catch
        {
            foreach (EncryptionWorker? worker in workers)
                worker?.Dispose();
            throw;
        }
    }

    /// <summary>The bytes that the next <paramref name="values"/> values will complete: whole blocks, and the last one with the last value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than are left.</exception>
    public int SizeInBytes(int values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(values);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values, _left);
        // Never beyond the ciphertext's size, which is an int.
        long held = (long)_pendingCount + values;
        long blocks = values == _left ? (held + _parameters.ValuesPerBlock - 1) / _parameters.ValuesPerBlock : held / _parameters.ValuesPerBlock;
        return (int)blocks * _parameters.Set.BlockSizeInBytes;
    }

    /// <summary>Rounds the next numbers to integers (<see cref="FixedPointEncoding"/>) and encrypts them.</summary>
    /// <param name="numbers">The numbers, of the vector whose norm the scale was made for.</param>
    /// <param name="scale">The member's scale, of an encoding of the parameters' bits or fewer.</param>
    /// <param name="ciphertext">Receives the completed blocks; at least <see cref="SizeInBytes"/> long.</param>
    /// <returns>The bytes written.</returns>
    /// <exception cref="ArgumentException">More values than are left, too little room, or an encoding of more bits than a value has.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="InvalidOperationException">An exception or <see cref="Dispose"/> ended this encryption before, or another call works.</exception>
    public int Encrypt(ReadOnlySpan<float> numbers, FixedPointScale scale, Span<byte> ciphertext)
    {
        ArgumentNullException.ThrowIfNull(scale);
        if (scale.Encoding.Bits > _parameters.BitsPerValue)
            throw new ArgumentException($"The encoding has {scale.Encoding.Bits} bits, and a value {_parameters.BitsPerValue}.", nameof(scale));
        return Encrypt(new NumberSource(scale), numbers, ciphertext);
    }

    /// <summary>Encrypts the next integers.</summary>
    /// <param name="values">The integers, each below 2^<see cref="KaheParameters.BitsPerValue"/>.</param>
    /// <param name="ciphertext">Receives the completed blocks; at least <see cref="SizeInBytes"/> long.</param>
    /// <returns>The bytes written.</returns>
    /// <exception cref="ArgumentException">More values than are left, too little room, or a value would overflow its lane; the message names its index.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="InvalidOperationException">An exception or <see cref="Dispose"/> ended this encryption before, or another call works.</exception>
    public int Encrypt(ReadOnlySpan<uint> values, Span<byte> ciphertext)
    {
        _parameters.RequireRange(values);
        return Encrypt(new IntegerSource(), values, ciphertext);
    }

    /// <summary>Erases what was held, the secret too.</summary>
    public void Dispose() => _calls.Dispose();

    private void Erase()
    {
        foreach (TransformedElement secret in _secret)
            secret.Dispose();
        foreach (EncryptionWorker worker in _workers)
            worker.Dispose();
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_pending.AsSpan()));
    }

    private int Encrypt<TSource, T>(TSource source, ReadOnlySpan<T> given, Span<byte> ciphertext)
        where TSource : struct, IValueSource<T>
        where T : unmanaged
    {
        _calls.Enter(this);
        try
        {
            return EncryptCore(source, given, ciphertext);
        }
        finally
        {
            _calls.Leave();
        }
    }

    private int EncryptCore<TSource, T>(TSource source, ReadOnlySpan<T> given, Span<byte> ciphertext)
        where TSource : struct, IValueSource<T>
        where T : unmanaged
    {
        int size = Begin(given.Length, ciphertext), perBlock = _parameters.ValuesPerBlock, firstBlock;
        int fill = _pendingCount == 0 ? 0 : Math.Min(given.Length, perBlock - _pendingCount);
        int written = Hold(source, given[..fill], ciphertext);
        given = given[fill..];

        int blocks = given.Length / perBlock;
        firstBlock = _block;
        fixed (T* from = given)
        fixed (byte* to = ciphertext[written..])
        {
            // A lambda cannot hold a fixed local; both stay fixed until it has run.
            T* x = from;
            byte* b = to;
            ParallelBlocks.Run(blocks, _options, (worker, first, end) =>
            {
                for (int i = first; i < end; i++)
                {
                    ReadOnlySpan<uint> values = source.Take(_workers[worker], new ReadOnlySpan<T>(x + (long)i * perBlock, perBlock));
                    _workers[worker].Encrypt(
                        firstBlock + i, _secret, _elements, values, new Span<byte>(b + (long)i * _parameters.Set.BlockSizeInBytes, _parameters.Set.BlockSizeInBytes));
                }
            });
        }
        _block += blocks;
        _left -= blocks * perBlock;
        written += blocks * _parameters.Set.BlockSizeInBytes;
        written += Hold(source, given[(blocks * perBlock)..], ciphertext[written..]);
        _broken = written != size;
        return !_broken ? written : throw new InvalidOperationException($"{written} bytes were written instead of {size}.");
    }

    private int Begin(int values, Span<byte> ciphertext)
    {
        if (_broken)
            throw new InvalidOperationException("This encryption has ended: a new attempt needs a new key.");
        if (values > _left)
            throw new ArgumentException($"{values} values came where {_left} were left.");
        int size = SizeInBytes(values);
        if (ciphertext.Length < size)
            throw new ArgumentException($"{values} values complete {size} bytes, but there is room for {ciphertext.Length}.", nameof(ciphertext));
        // Until the end of the call: an exception on the way leaves it so.
        _broken = true;
        // Here too: chunks that are shorter than a block never reach the pipeline.
        _options.Cancellation.ThrowIfCancellationRequested();
        return size;
    }

    /// <summary>Holds values back until they make a block, or end the vector.</summary>
    private int Hold<TSource, T>(TSource source, ReadOnlySpan<T> given, Span<byte> ciphertext)
        where TSource : struct, IValueSource<T>
        where T : unmanaged
    {
        source.Take(_workers[0], given, _pending.AsSpan(_pendingCount, given.Length));
        _pendingCount += given.Length;
        _left -= given.Length;
        if (_pendingCount < _pending.Length && (_left > 0 || _pendingCount == 0))
            return 0;
        _workers[0].Encrypt(_block++, _secret, _elements, _pending.AsSpan(0, _pendingCount), ciphertext[.._parameters.Set.BlockSizeInBytes]);
        _pendingCount = 0;
        return _parameters.Set.BlockSizeInBytes;
    }
}
