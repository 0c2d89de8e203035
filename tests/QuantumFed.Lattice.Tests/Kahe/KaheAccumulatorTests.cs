using QuantumFed.Randomness;

namespace QuantumFed.Lattice.Tests;

public sealed class KaheAccumulatorTests : IDisposable
{
    private const int Members = 5;
    private readonly KaheRound _round = KaheRound.Run(KaheParameters.Create(Members, 16), Members, 50_000);
    private readonly KaheAccumulator _accumulator;

    public KaheAccumulatorTests() => _accumulator = KaheAccumulator.Create(_round.Parameters, _round.Ciphertexts[0].Blocks);

    public void Dispose() => _round.Dispose();

    [Fact]
    public void Chunks_of_all_members_in_any_order_and_more_than_once_sum_to_the_sum()
    {
        using RandomStream random = RandomStream.FromSeed([8], "test");
        (int Member, int Block)[] chunks = [.. from member in Enumerable.Range(0, Members) from block in Enumerable.Range(0, _accumulator.Blocks) select (member, block)];
        random.Shuffle<(int, int)>(chunks);
        foreach ((int member, int block) in chunks.Concat(chunks.Take(20)))
            Assert.True(_accumulator.TryAdd(member, block, Bytes(member, block, Math.Min(1 + random.NextInt32(3), _accumulator.Blocks - block))));
        Assert.Equal(Enumerable.Range(0, Members), _accumulator.Contributors);
        Assert.Equal(_round.Sum(0, 1, 2, 3, 4).ToBytes(), _accumulator.ToSum().ToBytes());
    }

    [Fact]
    public void Threads_that_add_at_once_lose_nothing()
    {
        Parallel.For(0, 8 * Members, i =>
        {
            int member = i % Members;
            for (int k = 0; k < _accumulator.Blocks; k++)
            {
                int block = (k + i) % _accumulator.Blocks;
                Assert.True(_accumulator.TryAdd(member, block, Bytes(member, block, 1)));
            }
        });
        Assert.Equal(_round.Sum(0, 1, 2, 3, 4).ToBytes(), _accumulator.ToSum().ToBytes());
    }

    [Fact]
    public void A_member_taken_out_again_leaves_the_sum_of_the_others()
    {
        for (int member = 0; member < Members; member++)
            Assert.True(_accumulator.TryAdd(member, 0, _round.Ciphertexts[member].Bytes.Span));
        _accumulator.Remove(3, 2, Bytes(3, 2, 4));
        Assert.False(_accumulator.Contains(3, 5));
        Assert.True(_accumulator.Contains(3, 6));
        Assert.False(_accumulator.TryFix(out string? failure));
        Assert.Equal("Block 2 of contributor 3 is missing.", failure);
        Assert.Throws<InvalidOperationException>(() => _accumulator.ToSum());
        _accumulator.Remove(3, 0, _round.Ciphertexts[3].Bytes.Span);
        Assert.Equal([0, 1, 2, 4], _accumulator.Contributors);
        Assert.Equal(_round.Sum(0, 1, 2, 4).ToBytes(), _accumulator.ToSum().ToBytes());
    }

    [Fact]
    public void A_fixed_set_does_not_change()
    {
        Assert.False(_accumulator.TryFix(out string? failure));
        Assert.Equal("Nothing has been added.", failure);
        _accumulator.Add(_round.Ciphertexts[0], _round.Ciphertexts[1]);
        Assert.True(_accumulator.TryFix(out _));
        Assert.Throws<InvalidOperationException>(() => _accumulator.TryAdd(2, 0, Bytes(2, 0, 1)));
        Assert.Throws<InvalidOperationException>(() => _accumulator.TryAdd(2, 0, [1]));
        Assert.Throws<InvalidOperationException>(() => _accumulator.Remove(1, 0, Bytes(1, 0, 1)));
        Assert.Throws<InvalidOperationException>(() => _accumulator.Add(_round.Ciphertexts[2]));
        Assert.Equal(_round.Sum(0, 1).ToBytes(), _accumulator.ToSum().ToBytes());
    }

    [Fact]
    public void Bytes_that_are_no_blocks_are_refused_whole()
    {
        byte[] last = Bytes(0, 0, 2);
        last.AsSpan(^7).Fill(0xFF);
        Assert.False(_accumulator.TryAdd(0, 0, last));
        Assert.False(_accumulator.TryAdd(0, 0, last.AsSpan(1)));
        Assert.False(_accumulator.TryAdd(0, 0, []));
        Assert.False(_accumulator.TryAdd(0, _accumulator.Blocks - 1, Bytes(0, 0, 2)));
        Assert.Empty(_accumulator.Contributors);
        Assert.Throws<ArgumentException>(() => _accumulator.Remove(0, 0, last));
        foreach ((int member, int block) in ((int, int)[])[(-1, 0), (Members, 0), (0, -1), (0, _accumulator.Blocks)])
            Assert.Throws<ArgumentOutOfRangeException>(() => _accumulator.TryAdd(member, block, Bytes(0, 0, 1)));
    }

    [Fact]
    public void A_sum_whose_addition_was_cancelled_is_never_handed_out()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => _accumulator.Add([_round.Ciphertexts[0]], new PipelineOptions { Cancellation = cancel.Token }));
        Assert.False(_accumulator.TryFix(out string? failure));
        Assert.Contains("not finished", failure, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _accumulator.ToSum());
    }

    [Fact]
    public void More_terms_than_a_word_takes_are_reduced_in_time()
    {
        KaheAccumulator small = KaheAccumulator.Create(_round.Parameters, 1);
        byte[] block = [.. Enumerable.Repeat((byte)0, KaheParameterSet.Kahe2048.BlockSizeInBytes)];
        ulong[] largest = [.. Enumerable.Repeat(_round.Parameters.Set.Primes[0] - 1, 2048)];
        CoefficientPacking.Pack(largest, block);
        Assert.True(small.TryAdd(0, 0, block));
        // Each turn adds q - (q - 1) and q - 1, so the word fills with q a turn.
        for (int turn = 0; turn < LazySum.MaxTerms; turn++)
        {
            Assert.True(small.TryAdd(1, 0, block));
            small.Remove(1, 0, block);
        }
        Assert.Equal(block, small.ToSum().ToBytes());
    }

    [Fact]
    public void Whole_ciphertexts_and_chunks_share_one_sum_in_the_callers_memory()
    {
        ulong[] memory = new ulong[KaheAccumulator.WordsFor(_round.Parameters, _accumulator.Blocks) + 5];
        KaheAccumulator mapped = KaheAccumulator.Create(_round.Parameters, _accumulator.Blocks, memory);
        Assert.True(mapped.TryAdd(1, 0, _round.Ciphertexts[1].Bytes.Span));
        mapped.Add(_round.Ciphertexts[0], _round.Ciphertexts[2], _round.Ciphertexts[3], _round.Ciphertexts[4]);
        Assert.Throws<InvalidOperationException>(() => mapped.Add(_round.Ciphertexts[0]));
        byte[] part = new byte[2 * KaheParameterSet.Kahe2048.BlockSizeInBytes];
        mapped.CopySum(3, part);
        Assert.Equal(_round.Sum(0, 1, 2, 3, 4).ToBytes().AsSpan(3 * KaheParameterSet.Kahe2048.BlockSizeInBytes, part.Length).ToArray(), part);
        Assert.Throws<ArgumentException>(() => mapped.CopySum(0, new byte[5]));
        Assert.Throws<ArgumentException>(() => KaheAccumulator.Create(_round.Parameters, 2, new ulong[4095]));
        Assert.Throws<ArgumentException>(() => KaheAccumulator.Create(_round.Parameters, 2).Add(_round.Ciphertexts[0]));
    }

    [Fact]
    public void A_block_taken_out_while_its_ciphertext_is_being_added_is_out()
    {
        ulong[] garbage = [.. Enumerable.Repeat(12345UL, KaheAccumulator.WordsFor(_round.Parameters, _accumulator.Blocks))];
        KaheAccumulator sum = KaheAccumulator.Create(_round.Parameters, _accumulator.Blocks, garbage);
        int last = sum.Blocks - 1;
        var takeOut = new Once(() => sum.Remove(1, last, Bytes(1, last, 1)));
        sum.Add([_round.Ciphertexts[0], _round.Ciphertexts[1]], new PipelineOptions { Threads = 1, Progress = takeOut });
        Assert.False(sum.Contains(1, last));
        Assert.True(sum.TryAdd(1, last, Bytes(1, last, 1)));
        Assert.Equal(_round.Sum(0, 1).ToBytes(), sum.ToSum().ToBytes());
    }

    [Fact]
    public void A_member_taken_out_whole_leaves_its_place_to_another()
    {
        for (int member = 0; member < Members; member++)
            Assert.True(_accumulator.TryAdd(member, 0, _round.Ciphertexts[member].Bytes.Span));
        _accumulator.Remove(3, 0, _round.Ciphertexts[3].Bytes.Span);
        _accumulator.Add(_round.Ciphertexts[3]);
        Assert.Equal(_round.Sum(0, 1, 2, 3, 4).ToBytes(), _accumulator.ToSum().ToBytes());
    }

    private sealed class Once(Action action) : IProgress<int>
    {
        private Action? _action = action;

        public void Report(int value)
        {
            _action?.Invoke();
            _action = null;
        }
    }

    private byte[] Bytes(int member, int block, int count) =>
        _round.Ciphertexts[member].Bytes.Slice(block * KaheParameterSet.Kahe2048.BlockSizeInBytes, count * KaheParameterSet.Kahe2048.BlockSizeInBytes).ToArray();
}
