namespace QuantumFed.Lattice;

/// <summary>The rate of a pipeline, and how many times that is what one thread does in the same run.</summary>
/// <param name="MparamPerSecond">Millions of parameters a second.</param>
/// <param name="Speedup">The ratio to one thread, or <see langword="null"/> where one was all there was.</param>
internal readonly record struct PipelineRate(double MparamPerSecond, double? Speedup);
