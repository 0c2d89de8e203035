using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>
/// Opens a sum of ciphertexts that comes in chunks of whole blocks, in order, under the sum of their secrets. The memory it takes does not grow with the vector, and
/// nothing is allocated for a block. Everything here is public once the key sum is. Not thread safe, but it works on several threads itself; disposed while a
/// call works, it is freed when the call has ended.
/// </summary>
/// <remarks>
/// <para>v = b - a s, centred, must be T E + M. Refused: a coefficient that is not below its prime, a residual error beyond the noise bound, a reserved
/// coefficient that is not zero, a count other than the participants, a lane above participants (2^b - 1), an unused lane that is not zero. A wrong
/// key sum, or a sum with a ciphertext missing or too many, fails these with overwhelming probability.</para>
/// <para>A member can still add anything within its lanes, and whoever alters a ciphertext by a small message alters the sum: hashes and
/// signatures over the ciphertexts are what prevents that.</para>
/// </remarks>
public sealed unsafe class KaheDecryptor : IDisposable
{
    private readonly KaheParameters _parameters;
    private readonly PublicElements _elements;
    private readonly TransformedElement[] _key;
    private readonly int _participants;
    private readonly int _valueCount;
    private readonly PipelineOptions _options;
    private readonly DecryptionWorker[] _workers;
    private readonly CallGate _calls;

    private KaheDecryptor(KaheParameters parameters, PublicElements elements, KeySum keySum, int valueCount, PipelineOptions options)
    {
        (_parameters, _elements, _participants, _valueCount, _options) = (parameters, elements, keySum.Participants, valueCount, options);
        _key = parameters.Set.Transform(keySum.Coefficients);
        _workers = new DecryptionWorker[ParallelBlocks.Workers(parameters.BlocksFor(valueCount), options)];
        for (int i = 0; i < _workers.Length; i++)
            _workers[i] = new DecryptionWorker(parameters);
        _calls = new CallGate(Free);
    }

    /// <summary>The blocks that have been decrypted.</summary>
    public int Blocks { get; private set; }

    /// <summary>Begins a decryption.</summary>
    /// <param name="parameters">The round's parameters.</param>
    /// <param name="elements">The round's public elements, at least as many as the sum has blocks.</param>
    /// <param name="keySum">The summed secrets.</param>
    /// <param name="valueCount">The length of each member's vector.</param>
    /// <param name="options">Threads, progress and cancellation.</param>
    /// <exception cref="ArgumentException">There are no values, too few elements, key sum or elements are of another set, or the key sum is of more
    /// participants than the parameters sum.</exception>
    public static KaheDecryptor Create(
        KaheParameters parameters, PublicElements elements, KeySum keySum, int valueCount, PipelineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(elements);
        ArgumentNullException.ThrowIfNull(keySum);
        elements.RequireSet(parameters.Set);
        if (keySum.Coefficients.Length != parameters.RingDegree)
            throw new ArgumentException($"The key sum has {keySum.Coefficients.Length} coefficients, not {parameters.RingDegree}.", nameof(keySum));
        KeySum.RequireParticipants(parameters, keySum.Participants);
        int blocks = parameters.BlocksFor(valueCount);
        if (blocks > elements.Blocks)
            throw new ArgumentException($"{valueCount} values take {blocks} blocks, but there are {elements.Blocks} public elements.", nameof(elements));
        return new KaheDecryptor(parameters, elements, keySum, valueCount, options ?? PipelineOptions.Default);
    }

    /// <summary>The values in the next <paramref name="blocks"/> blocks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than are left.</exception>
    public int ValuesIn(int blocks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks, _parameters.BlocksFor(_valueCount) - Blocks);
        // After the last block, of which a part may be unused, fewer than none would be left.
        long left = Math.Max(0, _valueCount - (long)Blocks * _parameters.ValuesPerBlock);
        return (int)Math.Min((long)blocks * _parameters.ValuesPerBlock, left);
    }

    /// <summary>Decrypts and checks the next blocks, to the sums of the integers.</summary>
    /// <param name="ciphertext">Whole blocks of the sum, no more than are left.</param>
    /// <param name="sums">Receives the sums, <see cref="ValuesIn"/> the blocks. After a refusal its content means nothing.</param>
    /// <param name="failure">Receives, otherwise, a sentence that says what does not hold in which block.</param>
    /// <exception cref="ArgumentException">The bytes are no whole blocks, or more than are left, or the sums have another length.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public bool TryDecrypt(ReadOnlySpan<byte> ciphertext, Span<ulong> sums, [NotNullWhen(false)] out string? failure)
    {
        int blocks = RequireShape(ciphertext, sums.Length);
        fixed (byte* from = ciphertext)
        fixed (ulong* to = sums)
        {
            byte* b = from;
            ulong* s = to;
            return TryDecrypt(blocks, b, (_, first, count) => new Span<ulong>(s + first, count), (_, _, _) => { }, out failure);
        }
    }

    /// <summary>Decrypts and checks the next blocks, and turns the sums of the integers into the sums of the numbers they stand for.</summary>
    /// <param name="ciphertext">Whole blocks of the sum, no more than are left.</param>
    /// <param name="encoding">What the members' integers stand for.</param>
    /// <param name="numbers">Receives the numbers, <see cref="ValuesIn"/> the blocks: unit (sum - participants 2^(b-1)). After a refusal its content
    /// means nothing.</param>
    /// <param name="failure">Receives, otherwise, a sentence that says what does not hold in which block.</param>
    /// <exception cref="ArgumentException">The bytes are no whole blocks, or more than are left, or the numbers have another length.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public bool TryDecrypt(ReadOnlySpan<byte> ciphertext, FixedPointEncoding encoding, Span<float> numbers, [NotNullWhen(false)] out string? failure)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        if (encoding.Bits > _parameters.BitsPerValue)
            throw new ArgumentException($"The encoding has {encoding.Bits} bits, and a value {_parameters.BitsPerValue}.", nameof(encoding));
        int blocks = RequireShape(ciphertext, numbers.Length);
        double zero = (double)_participants * encoding.Zero;
        fixed (byte* from = ciphertext)
        fixed (float* to = numbers)
        {
            byte* b = from;
            float* x = to;
            return TryDecrypt(
                blocks, b, (worker, _, count) => worker.Sums[..count],
                (worker, first, count) => FixedPointKernel.Dequantise(
                    KernelPaths.Widest, worker.Sums[..count], zero, encoding.Unit, new Span<float>(x + first, count)),
                out failure);
        }
    }

    /// <summary>Frees the buffers.</summary>
    public void Dispose() => _calls.Dispose();

    private void Free()
    {
        foreach (TransformedElement key in _key)
            key.Dispose();
        foreach (DecryptionWorker worker in _workers)
            worker.Dispose();
    }

    private delegate Span<ulong> Room(DecryptionWorker worker, int first, int count);

    private bool TryDecrypt(int blocks, byte* from, Room room, Action<DecryptionWorker, int, int> decrypted, out string? failure)
    {
        _calls.Enter(this);
        try
        {
            return TryDecryptCore(blocks, from, room, decrypted, out failure);
        }
        finally
        {
            _calls.Leave();
        }
    }

    private bool TryDecryptCore(int blocks, byte* from, Room room, Action<DecryptionWorker, int, int> decrypted, out string? failure)
    {
        int firstBlock = Blocks, values = ValuesIn(blocks), perBlock = _parameters.ValuesPerBlock, failedBlock = int.MaxValue;
        string? firstFailure = null;
        var gate = new Lock();
        ParallelBlocks.Run(blocks, _options, (worker, first, end) =>
        {
            // What follows a block that was refused need not be looked at; what comes before it must, so that the first is named.
            for (int i = first; i < end && i < Volatile.Read(ref failedBlock); i++)
            {
                int start = i * perBlock, count = Math.Min(perBlock, values - start);
                DecryptionWorker own = _workers[worker];
                string? refused = own.Decrypt(
                    firstBlock + i, _key, _elements, _participants,
                    new ReadOnlySpan<byte>(from + (long)i * _parameters.Set.BlockSizeInBytes, _parameters.Set.BlockSizeInBytes), room(own, start, count));
                if (refused is null)
                {
                    decrypted(own, start, count);
                    continue;
                }
                lock (gate)
                {
                    if (i < failedBlock)
                        (failedBlock, firstFailure) = (i, $"Block {firstBlock + i}: {refused}");
                }
            }
        });
        Blocks += blocks;
        failure = firstFailure;
        return failure is null;
    }

    private int RequireShape(ReadOnlySpan<byte> ciphertext, int values)
    {
        int blocks = ciphertext.Length / _parameters.Set.BlockSizeInBytes;
        if (ciphertext.Length % _parameters.Set.BlockSizeInBytes != 0)
            throw new ArgumentException($"{ciphertext.Length} bytes are no whole blocks of {_parameters.Set.BlockSizeInBytes}.", nameof(ciphertext));
        if (values != ValuesIn(blocks))
            throw new ArgumentException($"{blocks} blocks hold {ValuesIn(blocks)} values, not {values}.", nameof(values));
        return blocks;
    }
}
