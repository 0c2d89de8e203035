namespace QuantumFed.Lattice.Tests;

public sealed class ParallelBlocksTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(7, 1)]
    [InlineData(1000, 1)]
    [InlineData(1000, 3)]
    [InlineData(1001, 64)]
    public void Every_block_is_worked_on_once_and_no_worker_twice_at_a_time(int blocks, int threads)
    {
        int[] times = new int[blocks], busy = new int[threads];
        var reported = new List<int>();
        ParallelBlocks.Run(blocks, new PipelineOptions { Threads = threads, Progress = new Sink(reported) }, (worker, first, end) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref busy[worker]));
            for (int i = first; i < end; i++)
                Interlocked.Increment(ref times[i]);
            Interlocked.Decrement(ref busy[worker]);
        });
        Assert.All(times, count => Assert.Equal(1, count));
        Assert.Equal(reported.Order(), reported);
        Assert.Equal(blocks, reported.Count == 0 ? 0 : reported[^1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_cancelled_run_ends_soon_and_says_so(int threads)
    {
        using var cancel = new CancellationTokenSource();
        int done = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => ParallelBlocks.Run(
            100_000, new PipelineOptions { Threads = threads, Cancellation = cancel.Token }, (_, first, end) =>
            {
                if (Interlocked.Add(ref done, end - first) > 100)
                    cancel.Cancel();
            }));
        Assert.InRange(done, 100, 10_000);
    }

    [Fact]
    public void A_run_that_was_over_before_the_cancellation_is_a_run()
    {
        using var cancel = new CancellationTokenSource();
        ParallelBlocks.Run(1, new PipelineOptions { Threads = 1, Cancellation = cancel.Token }, (_, _, _) => cancel.Cancel());
        Assert.True(cancel.IsCancellationRequested);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_exception_comes_out_as_it_is_and_ends_the_others(int threads)
    {
        int done = 0;
        InvalidDataException thrown = Assert.Throws<InvalidDataException>(() => ParallelBlocks.Run(100_000, new PipelineOptions { Threads = threads }, (_, first, end) =>
        {
            if (first == 400)
                throw new InvalidDataException("400");
            if (first > 400)
                Thread.Sleep(1); // The others' whole work takes seconds, however late the exception comes out of its thread.
            Interlocked.Add(ref done, end - first);
        }));
        Assert.Equal("400", thrown.Message);
        Assert.InRange(done, 0, 90_000);
        Assert.Throws<InvalidDataException>(() => ParallelBlocks.Run(
            100, new PipelineOptions { Threads = threads, Progress = new Failing() }, (_, _, _) => { }));
    }

    [Fact]
    public void There_are_no_more_workers_than_batches()
    {
        var options = new PipelineOptions { Threads = 1000 };
        Assert.Equal((0, 1, 1, 2, 1000), (ParallelBlocks.Workers(0, options), ParallelBlocks.Workers(1, options), ParallelBlocks.Workers(4, options),
            ParallelBlocks.Workers(5, options), ParallelBlocks.Workers(1_000_000, options)));
    }

    [Fact]
    public void No_thread_at_all_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new PipelineOptions { Threads = 0 });

    private sealed class Failing : IProgress<int>
    {
        public void Report(int value) => throw new InvalidDataException();
    }

    private sealed class Sink(List<int> reported) : IProgress<int>
    {
        public void Report(int value) => reported.Add(value);
    }
}
