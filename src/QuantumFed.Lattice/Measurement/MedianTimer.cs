using System.Diagnostics;

namespace QuantumFed.Lattice;

/// <summary>Medians of repeated work after a warm-up.</summary>
internal sealed class MedianTimer(CancellationToken cancellation)
{
    private const int Repetitions = 15;

    // Twice to warm up: the first call compiles.
    private const int WarmUps = 2;

    /// <summary>The median of one call of <paramref name="work"/>, in seconds.</summary>
    internal double Seconds(Action work) => Seconds([work])[0];

    /// <summary>The medians of several works that take turns, so that what disturbs the machine disturbs them all. Each is called once more before the call
    /// that counts, so that caches and threads are as its own last call left them.</summary>
    internal double[] Seconds(params Action[] works)
    {
        double[][] seconds = [.. works.Select(_ => new double[Repetitions])];
        for (int i = -WarmUps; i < Repetitions; i++)
        {
            for (int k = 0; k < works.Length; k++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (works.Length > 1)
                    works[k]();
                long started = Stopwatch.GetTimestamp();
                works[k]();
                if (i >= 0)
                    seconds[k][i] = Stopwatch.GetElapsedTime(started).TotalSeconds;
            }
        }
        foreach (double[] times in seconds)
            Array.Sort(times);
        return [.. seconds.Select(times => times[Repetitions / 2])];
    }
}
