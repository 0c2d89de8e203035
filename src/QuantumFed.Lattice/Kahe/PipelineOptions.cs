namespace QuantumFed.Lattice;

/// <summary>How a pipeline over blocks runs. The results are the same for every number of threads. Immutable.</summary>
public sealed record PipelineOptions
{
    /// <summary>All processors, no progress, no cancellation.</summary>
    public static PipelineOptions Default { get; } = new();

    /// <summary>The most threads that work at once, at least 1: as many as there are processors, unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1.</exception>
    public int Threads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>Told now and then how many blocks of the call are done, in increasing order, by any thread.</summary>
    public IProgress<int>? Progress { get; init; }

    /// <summary>Asked before every few blocks.</summary>
    public CancellationToken Cancellation { get; init; }
}
