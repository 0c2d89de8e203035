using System.Runtime.InteropServices;
using QuantumFed.Federation;
using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>The numbers of a plaintext update as bytes: binary32 for updates, as other frameworks send them, binary64 for statistics.</summary>
internal static class PlainNumbers
{
    public static byte[] ToBytes(RoundPurpose purpose, double[] numbers) => purpose == RoundPurpose.WeightedAverage
        ? MemoryMarshal.AsBytes<float>(Array.ConvertAll(numbers, number => (float)number)).ToArray()
        : MemoryMarshal.AsBytes<double>(numbers).ToArray();

    public static double[] FromBytes(RoundPurpose purpose, ReadOnlySpan<byte> bytes) => purpose == RoundPurpose.WeightedAverage
        ? Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), number => (double)number)
        : MemoryMarshal.Cast<byte, double>(bytes).ToArray();

    /// <summary>How many numbers a member sends.</summary>
    public static int CountOf(LearningTask task, RoundPurpose purpose) => purpose == RoundPurpose.WeightedAverage
        ? TaskTerms.ShapeOf(task).ParameterCount * TaskTerms.OptimizerOf(task).VectorCount
        : RoundTask.StatisticCount(task, purpose);

    /// <summary>How many bytes they take.</summary>
    public static int SizeOf(LearningTask task, RoundPurpose purpose) =>
        CountOf(task, purpose) * (purpose == RoundPurpose.WeightedAverage ? sizeof(float) : sizeof(double));
}
