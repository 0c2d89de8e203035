namespace QuantumFed.Lattice;

/// <summary>Runs work over blocks 0 to n - 1 on several threads, a few blocks at a time.</summary>
internal static class ParallelBlocks
{
    // Some 40 microseconds of encryption: long against taking the next ones, short against what a slower thread leaves at the end.
    private const int Batch = 4;

    /// <summary>Work on the blocks <paramref name="first"/> to <paramref name="end"/> - 1 with the scratch of a worker.</summary>
    internal delegate void Work(int worker, int first, int end);

    /// <summary>Calls <paramref name="work"/> for ranges that cover all blocks once. No two calls run at once with the same worker number, 0 to threads - 1.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before the last block; some are done.</exception>
    internal static void Run(int blocks, PipelineOptions options, Work work)
    {
        int threads = Math.Min(options.Threads, (blocks + Batch - 1) / Batch), next = 0, done = 0;
        var gate = new Lock();
        void Worker(int worker)
        {
            int first;
            while (!options.Cancellation.IsCancellationRequested && (first = Interlocked.Add(ref next, Batch) - Batch) < blocks)
            {
                int end = Math.Min(first + Batch, blocks);
                work(worker, first, end);
                if (options.Progress is null)
                    continue;
                lock (gate)
                    options.Progress.Report(done += end - first);
            }
        }

        if (threads <= 1)
            Worker(0);
        else
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, Worker);
        if (next < blocks)
            options.Cancellation.ThrowIfCancellationRequested();
    }
}
