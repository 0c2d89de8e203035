using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>
/// A running sum of ciphertexts whose blocks arrive in any order: each block of each contributor counts once, and can be taken out again until the set is
/// fixed. Thread safe.
/// </summary>
/// <remarks>
/// <para>Coefficients are summed in 64-bit words and reduced when a word is full, after 2^15 terms (<see cref="LazySum"/>). A block takes 16 KiB of words (64 in the larger set); they
/// may lie in memory that the caller maps to a file, for models larger than the memory.</para>
/// <para>It does not keep what it adds: whoever takes a block out hands in the bytes that went in, which the caller holds by their digest.</para>
/// </remarks>
public sealed class KaheAccumulator
{
    private const int Locks = 64;

    private readonly KaheParameters _parameters;
    private readonly Memory<ulong> _words;
    // Of each block: the residues in its words since they were reduced; a block without any has no valid words.
    private readonly int[] _terms;
    private readonly SortedDictionary<int, bool[]> _added = [];
    private readonly Lock _gate = new();
    private readonly Lock[] _blockGates = new Lock[Locks];
    private int _changing;
    private volatile bool _abandoned;
    private bool _fixed;

    private KaheAccumulator(KaheParameters parameters, int blocks, Memory<ulong> words)
    {
        _parameters = parameters;
        _words = words;
        _terms = new int[blocks];
        for (int i = 0; i < Locks; i++)
            _blockGates[i] = new Lock();
    }

    /// <summary>The blocks of each ciphertext.</summary>
    public int Blocks => _terms.Length;

    /// <summary>The contributors of which at least one block is in the sum, ascending.</summary>
    public IReadOnlyList<int> Contributors
    {
        get
        {
            lock (_gate)
                return [.. _added.Where(entry => entry.Value.Contains(true)).Select(entry => entry.Key)];
        }
    }

    /// <summary>How many contributors are in the sum.</summary>
    public int Count => Contributors.Count;

    /// <summary>An empty sum in memory of its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="blocks"/> is not between 1 and <see cref="KaheParameters.MaxBlocks"/>.</exception>
    public static KaheAccumulator Create(KaheParameters parameters, int blocks)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new KaheAccumulator(parameters, blocks, GC.AllocateUninitializedArray<ulong>(WordsFor(parameters, blocks)));
    }

    /// <summary>An empty sum in the caller's memory, whose content does not matter; nobody else touches it while the sum is in use.</summary>
    /// <param name="parameters">The round's parameters.</param>
    /// <param name="blocks">The blocks of each ciphertext.</param>
    /// <param name="words">At least <see cref="WordsFor"/> words.</param>
    /// <exception cref="ArgumentException">There are too few words, or <paramref name="blocks"/> is out of range.</exception>
    public static KaheAccumulator Create(KaheParameters parameters, int blocks, Memory<ulong> words)
    {
        int needed = WordsFor(parameters, blocks);
        if (words.Length < needed)
            throw new ArgumentException($"{blocks} blocks take {needed} words, not {words.Length}.", nameof(words));
        return new KaheAccumulator(parameters, blocks, words[..needed]);
    }

    /// <summary>The 64-bit words of a sum.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="blocks"/> is not between 1 and <see cref="KaheParameters.MaxBlocks"/>.</exception>
    public static int WordsFor(KaheParameters parameters, int blocks)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.RequireBlocks(blocks, nameof(blocks)) * parameters.Set.ElementSize;
    }

    /// <summary>Whether a block of a contributor is in the sum.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such contributor or block.</exception>
    public bool Contains(int contributor, int block)
    {
        RequireBlock(contributor, block);
        lock (_gate)
        {
            if (!_added.TryGetValue(contributor, out bool[]? added))
                return false;
            lock (Gate(block))
                return added[block];
        }
    }

    /// <summary>Whether all blocks of a contributor are in the sum.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such contributor.</exception>
    public bool IsComplete(int contributor)
    {
        RequireContributor(contributor);
        lock (_gate)
            return _added.TryGetValue(contributor, out bool[]? added) && !added.Contains(false);
    }

    /// <summary>Adds neighbouring blocks of one ciphertext. Those that are in the sum already are left: a chunk that arrives twice counts once.</summary>
    /// <param name="contributor">Whose, from 0 to the parameters' parties - 1.</param>
    /// <param name="firstBlock">The number of the first block.</param>
    /// <param name="bytes">Canonical bytes of whole blocks, from anybody.</param>
    /// <returns><see langword="false"/>, and nothing is added, if the bytes are no whole blocks, more than the ciphertext has, or a coefficient is not below its prime.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such contributor or block.</exception>
    /// <exception cref="InvalidOperationException">The set is fixed.</exception>
    public bool TryAdd(int contributor, int firstBlock, ReadOnlySpan<byte> bytes)
    {
        RequireBlock(contributor, firstBlock);
        if (bytes.IsEmpty || !AreBlocks(firstBlock, bytes))
        {
            RequireOpen();
            return false;
        }
        bool[] added = Enter(contributor);
        for (int block = firstBlock; !bytes.IsEmpty; block++, bytes = bytes[_parameters.Set.BlockSizeInBytes..])
        {
            lock (Gate(block))
            {
                if (added[block])
                    continue;
                MakeRoom(block, 1);
                LazySum.Add(KernelPaths.Widest, bytes[.._parameters.Set.BlockSizeInBytes], Words(block), _terms[block]++ == 0);
                added[block] = true;
            }
        }
        Leave();
        return true;
    }

    /// <summary>Takes neighbouring blocks of one ciphertext out again; those that are not in the sum are left.</summary>
    /// <param name="contributor">Whose.</param>
    /// <param name="firstBlock">The number of the first block.</param>
    /// <param name="bytes">The bytes that were added.</param>
    /// <exception cref="ArgumentException">The bytes are no whole blocks of the ciphertext, or not canonical, so that they never were added.</exception>
    /// <exception cref="InvalidOperationException">The set is fixed.</exception>
    public void Remove(int contributor, int firstBlock, ReadOnlySpan<byte> bytes)
    {
        RequireBlock(contributor, firstBlock);
        if (!AreBlocks(firstBlock, bytes))
            throw new ArgumentException("These bytes cannot have been added.", nameof(bytes));
        bool[] added = Enter(contributor);
        for (int block = firstBlock; !bytes.IsEmpty; block++, bytes = bytes[_parameters.Set.BlockSizeInBytes..])
        {
            lock (Gate(block))
            {
                if (!added[block])
                    continue;
                MakeRoom(block, 1);
                // Of a ciphertext that is just being added as a whole, a block can be taken out before it is in: the sum comes to the same.
                if (_terms[block] == 0)
                    Words(block).Clear();
                for (int i = 0; i < _parameters.Set.Primes.Count; i++)
                    LazySum.Subtract(KernelPaths.Widest, OfPrime(bytes, i), OfPrime(block, i), _parameters.Set.Primes[i]);
                _terms[block]++;
                added[block] = false;
            }
        }
        Leave();
    }

    /// <summary>Adds whole ciphertexts, each of a contributor without a block so far, as many of each block at once as the kernels take.</summary>
    /// <param name="ciphertexts">The ciphertexts, all as long as the sum.</param>
    /// <exception cref="ArgumentException">One has another number of blocks; none was added.</exception>
    /// <exception cref="InvalidOperationException">The sum would have more terms than lanes and noise bound allow, or the set is fixed; none was added.</exception>
    public void Add(params IReadOnlyList<KaheCiphertext> ciphertexts) => Add(ciphertexts, PipelineOptions.Default);

    /// <summary>The same, on threads of the caller's choice.</summary>
    /// <exception cref="ArgumentException">One has another number of blocks; none was added.</exception>
    /// <exception cref="InvalidOperationException">The sum would have more terms than lanes and noise bound allow, or the set is fixed; none was added.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the sum is of no more use.</exception>
    public void Add(IReadOnlyList<KaheCiphertext> ciphertexts, PipelineOptions options)
    {
        ArgumentNullException.ThrowIfNull(ciphertexts);
        ArgumentNullException.ThrowIfNull(options);
        foreach (KaheCiphertext ciphertext in ciphertexts)
        {
            if (ciphertext.Set != _parameters.Set)
                throw new ArgumentException($"The ciphertext is of {ciphertext.Set}, not {_parameters.Set}.", nameof(ciphertexts));
            if (ciphertext.Blocks != Blocks)
                throw new ArgumentException($"The ciphertext has {ciphertext.Blocks} blocks, not {Blocks}.", nameof(ciphertexts));
        }
        lock (_gate)
        {
            RequireOpen();
            int[] free = [.. FreeContributors().Take(ciphertexts.Count)];
            if (free.Length < ciphertexts.Count)
                throw new InvalidOperationException($"These parameters sum at most {_parameters.Parties} ciphertexts.");
            foreach (int contributor in free)
            {
                bool[] all = new bool[Blocks];
                Array.Fill(all, true);
                _added[contributor] = all;
            }
            _changing++;
        }
        try
        {
            ParallelBlocks.Run(Blocks, options, (_, first, end) =>
            {
                for (int block = first; block < end; block++)
                    AddAll(ciphertexts, block);
            });
        }
        catch
        {
            // It stays in change: a sum of which some blocks lack ciphertexts is never handed out.
            _abandoned = true;
            throw;
        }
        Leave();
    }

    /// <summary>Ends the changes: from here on, blocks are neither added nor taken out.</summary>
    /// <param name="failure">Receives, otherwise, what is missing.</param>
    /// <returns><see langword="false"/>, and nothing changes, if nobody contributed, a contributor's ciphertext is not whole, or blocks are just being added.</returns>
    public bool TryFix([NotNullWhen(false)] out string? failure)
    {
        lock (_gate)
        {
            failure = null;
            if (_fixed)
                return true;
            failure = _abandoned ? "An addition was not finished; begin another sum."
                : _changing > 0 ? "Blocks are being added or taken out." : null;
            foreach ((int contributor, bool[] added) in _added)
            {
                int missing = added.Contains(true) ? Array.IndexOf(added, false) : -1;
                if (missing >= 0)
                    failure ??= $"Block {missing} of contributor {contributor} is missing.";
            }
            if (!_added.Values.Any(added => added.Contains(true)))
                failure = "Nothing has been added.";
            _fixed |= failure is null;
        }
        return failure is null;
    }

    /// <summary>The sum, as a copy; fixes the set.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been added, or a contributor's ciphertext is not whole.</exception>
    public KaheCiphertext ToSum()
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(_parameters.CiphertextSizeInBytes(Blocks));
        CopySum(0, bytes);
        return new KaheCiphertext(_parameters.Set, bytes);
    }

    /// <summary>Writes the canonical bytes of neighbouring blocks of the sum; fixes the set.</summary>
    /// <param name="firstBlock">The number of the first block.</param>
    /// <param name="destination">Room for whole blocks, no more than there are.</param>
    /// <exception cref="ArgumentException">The room is not that of whole blocks, or for more than there are.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been added, or a contributor's ciphertext is not whole.</exception>
    public void CopySum(int firstBlock, Span<byte> destination)
    {
        RequireBlock(0, firstBlock);
        if (destination.Length % _parameters.Set.BlockSizeInBytes != 0 || destination.Length / _parameters.Set.BlockSizeInBytes > Blocks - firstBlock)
            throw new ArgumentException("The room is not that of whole blocks of the sum.", nameof(destination));
        if (!TryFix(out string? failure))
            throw new InvalidOperationException(failure);
        for (int block = firstBlock; !destination.IsEmpty; block++, destination = destination[_parameters.Set.BlockSizeInBytes..])
        {
            lock (Gate(block))
            {
                MakeRoom(block, LazySum.MaxTerms);
                CoefficientPacking.Pack(Words(block), destination[.._parameters.Set.BlockSizeInBytes]);
            }
        }
    }

    private void AddAll(IReadOnlyList<KaheCiphertext> ciphertexts, int block)
    {
        lock (Gate(block))
        {
            Span<ulong> words = Words(block);
            int i = 0;
            for (; i + LazySum.FanIn <= ciphertexts.Count; i += LazySum.FanIn)
            {
                MakeRoom(block, LazySum.FanIn);
                LazySum.Add(
                    KernelPaths.Widest, ciphertexts[i].Block(block), ciphertexts[i + 1].Block(block), ciphertexts[i + 2].Block(block),
                    ciphertexts[i + 3].Block(block), words, _terms[block] == 0);
                _terms[block] += LazySum.FanIn;
            }
            for (; i < ciphertexts.Count; i++)
            {
                MakeRoom(block, 1);
                LazySum.Add(KernelPaths.Widest, ciphertexts[i].Block(block), words, _terms[block]++ == 0);
            }
        }
    }

    private IEnumerable<int> FreeContributors()
    {
        int next = 0;
        // Whoever has been taken out as a whole is free again, unless it is just being added.
        foreach (int taken in _added.Where(entry => _changing > 0 || entry.Value.Contains(true)).Select(entry => entry.Key))
        {
            for (; next < taken; next++)
                yield return next;
            next = taken + 1;
        }
        for (; next < _parameters.Parties; next++)
            yield return next;
    }

    private bool AreBlocks(int firstBlock, ReadOnlySpan<byte> bytes) =>
        bytes.Length % _parameters.Set.BlockSizeInBytes == 0 && bytes.Length / _parameters.Set.BlockSizeInBytes <= Blocks - firstBlock
        && _parameters.Set.AreCanonical(bytes);

    /// <summary>Until <see cref="Leave"/>, the set cannot be fixed.</summary>
    private bool[] Enter(int contributor)
    {
        lock (_gate)
        {
            RequireOpen();
            if (!_added.TryGetValue(contributor, out bool[]? added))
                _added.Add(contributor, added = new bool[Blocks]);
            _changing++;
            return added;
        }
    }

    private void Leave()
    {
        lock (_gate)
            _changing--;
    }

    /// <summary>Reduces a block's words if they could not take so many more terms.</summary>
    private void MakeRoom(int block, int terms)
    {
        if (_terms[block] == 0 || _terms[block] + terms <= LazySum.MaxTerms)
            return;
        for (int i = 0; i < _parameters.Set.Primes.Count; i++)
            LazySum.Reduce(KernelPaths.Widest, OfPrime(block, i), OfPrime(block, i), _parameters.Set.Primes[i]);
        _terms[block] = 1;
    }

    private void RequireBlock(int contributor, int block)
    {
        RequireContributor(contributor);
        ArgumentOutOfRangeException.ThrowIfNegative(block);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, Blocks);
    }

    private void RequireContributor(int contributor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(contributor);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(contributor, _parameters.Parties);
    }

    private void RequireOpen()
    {
        if (_fixed)
            throw new InvalidOperationException("The set of this sum is fixed.");
    }

    private Span<ulong> Words(int block) => _words.Span.Slice(block * _parameters.Set.ElementSize, _parameters.Set.ElementSize);

    private Span<ulong> OfPrime(int block, int prime) => Words(block).Slice(prime * _parameters.RingDegree, _parameters.RingDegree);

    private ReadOnlySpan<byte> OfPrime(ReadOnlySpan<byte> block, int prime) =>
        block.Slice(prime * _parameters.Set.PrimeSizeInBytes, _parameters.Set.PrimeSizeInBytes);

    private Lock Gate(int block) => _blockGates[block % Locks];
}
