namespace QuantumFed.Lattice;

/// <summary>Medians of one transform of n coefficients modulo one prime of at most 49 bits, in microseconds.</summary>
/// <param name="ForwardMicroseconds">The forward transform at the widest kernels this processor has.</param>
/// <param name="InverseMicroseconds">The inverse.</param>
/// <param name="ScalarForwardMicroseconds">The forward transform one element at a time, in the same run: the ratio is of more use on another machine.</param>
/// <param name="ScalarInverseMicroseconds">The inverse, likewise.</param>
public sealed record TransformTiming(
    double ForwardMicroseconds, double InverseMicroseconds, double ScalarForwardMicroseconds, double ScalarInverseMicroseconds);
