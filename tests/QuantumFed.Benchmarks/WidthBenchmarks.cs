using BenchmarkDotNet.Attributes;
using QuantumFed.Lattice;

namespace QuantumFed.Benchmarks;

/// <summary>What one operation takes at each width, against one element at a time. A width that the processor lacks is reported as NA.</summary>
public abstract class WidthBenchmarks
{
    /// <summary>One element at a time.</summary>
    [Benchmark(Baseline = true)]
    public void Scalar() => Run(KernelPath.Scalar);

    /// <summary>128 bits.</summary>
    [Benchmark]
    public void Vector128() => RunIfSupported(KernelPath.Vector128);

    /// <summary>256 bits.</summary>
    [Benchmark]
    public void Vector256() => RunIfSupported(KernelPath.Vector256);

    /// <summary>512 bits.</summary>
    [Benchmark]
    public void Vector512() => RunIfSupported(KernelPath.Vector512);

    private protected abstract void Run(KernelPath path);

    private void RunIfSupported(KernelPath path)
    {
        if (!KernelPaths.IsSupported(path))
            throw new NotSupportedException($"This processor has no {path}.");
        Run(path);
    }
}
