using System.Buffers.Binary;

namespace QuantumFed.Qkd;

/// <summary>What both ends of a link agree on before the first block; every block's first messages compare it.</summary>
/// <param name="Protocol">Intensities and how often each is sent.</param>
/// <param name="Security">How sure both want to be of a block's key. The epsilons of blocks add up.</param>
public sealed record LinkAgreement(DecoyProtocol Protocol, FiniteKeySecurity Security)
{
    internal const int SizeInBytes = 8 * sizeof(double);

    internal void Write(Span<byte> destination)
    {
        Span<double> numbers =
        [
            Protocol.MeanPhotonNumber(Intensity.Signal), Protocol.MeanPhotonNumber(Intensity.Weak), Protocol.MeanPhotonNumber(Intensity.Vacuum),
            Protocol.Probability(Intensity.Signal), Protocol.Probability(Intensity.Weak), Protocol.KeyBasisProbability,
            Security.SecrecyEpsilon, Security.CorrectnessEpsilon,
        ];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(destination[(i * sizeof(double))..], numbers[i]);
    }
}
