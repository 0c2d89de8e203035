using System.Runtime.CompilerServices;

namespace QuantumFed.Qkd;

/// <summary>One detection in six bits of a byte, in the order of the planes of <see cref="DetectionRecord"/>.</summary>
internal static class DetectionCode
{
    internal const int Planes = 6;
    internal const int SentBit = 0, MeasuredBit = 1, SentBasis = 2, MeasuredBasis = 3, IntensityLow = 4, IntensityHigh = 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static byte Of(int sentBit, int measuredBit, int sentBasis, int measuredBasis, int intensity) =>
        (byte)(sentBit << SentBit | measuredBit << MeasuredBit | sentBasis << SentBasis | measuredBasis << MeasuredBasis | intensity << IntensityLow);
}
