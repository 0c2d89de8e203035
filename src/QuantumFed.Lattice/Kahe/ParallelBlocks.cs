using System.Runtime.ExceptionServices;

namespace QuantumFed.Lattice;

/// <summary>Runs work over blocks 0 to n - 1 on several threads, a few blocks at a time.</summary>
internal static class ParallelBlocks
{
    // Some 40 microseconds of encryption: long against taking the next ones, short against what a slower thread leaves at the end.
    private const int Batch = 4;

    /// <summary>Work on the blocks <paramref name="first"/> to <paramref name="end"/> - 1 with the scratch of a worker.</summary>
    internal delegate void Work(int worker, int first, int end);

    /// <summary>How many workers <see cref="Run"/> needs: no more than there are batches.</summary>
    internal static int Workers(int blocks, PipelineOptions options) => Math.Min(options.Threads, (blocks + Batch - 1) / Batch);

    /// <summary>Calls <paramref name="work"/> for ranges that cover all blocks once. No two calls run at once with the same worker number, 0 to <see cref="Workers"/> - 1.</summary>
    /// <remarks>An exception of one call, or of the progress, ends the others soon and comes out as it is, whatever the number of threads.</remarks>
    /// <exception cref="OperationCanceledException">Cancelled before the last block; some are done.</exception>
    internal static void Run(int blocks, PipelineOptions options, Work work)
    {
        int threads = Workers(blocks, options), next = 0, done = 0;
        ExceptionDispatchInfo? failed = null;
        var gate = new Lock();
        void Worker(int worker)
        {
            int first;
            while (!options.Cancellation.IsCancellationRequested && Volatile.Read(ref failed) is null && (first = Interlocked.Add(ref next, Batch) - Batch) < blocks)
            {
                int end = Math.Min(first + Batch, blocks);
                work(worker, first, end);
                if (options.Progress is null)
                    continue;
                lock (gate)
                    options.Progress.Report(done += end - first);
            }
        }
        void CatchingWorker(int worker)
        {
            try
            {
                Worker(worker);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failed, ExceptionDispatchInfo.Capture(exception), null);
            }
        }

        if (threads <= 1)
            Worker(0);
        else
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, CatchingWorker);
        failed?.Throw();
        if (next < blocks)
            options.Cancellation.ThrowIfCancellationRequested();
    }
}
