using System.Diagnostics.CodeAnalysis;

namespace QuantumFed.Lattice;

/// <summary>The opened sum of the secrets of a round's participants: public from then on. Immutable, thread safe.</summary>
public sealed class KeySum
{
    private readonly int[] _coefficients;

    private KeySum(int participants, int[] coefficients) => (Participants, _coefficients) = (participants, coefficients);

    /// <summary>How many secrets were summed.</summary>
    public int Participants { get; }

    /// <summary>The n coefficients, each within 42 times <see cref="Participants"/>.</summary>
    public ReadOnlySpan<int> Coefficients => _coefficients;

    /// <summary>Takes the coefficients; <see langword="false"/> if their number is not n, or one is larger than the secrets could sum to.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="participants"/> is not between 1 and the parameters' parties.</exception>
    public static bool TryCreate(KaheParameters parameters, int participants, ReadOnlySpan<int> coefficients, [NotNullWhen(true)] out KeySum? keySum)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        RequireParticipants(parameters, participants);
        keySum = null;
        if (coefficients.Length != parameters.RingDegree)
            return false;
        int bound = parameters.SecretBound * participants;
        foreach (int coefficient in coefficients)
        {
            if (coefficient > bound || coefficient < -bound)
                return false;
        }
        keySum = new KeySum(participants, coefficients.ToArray());
        return true;
    }

    internal static void RequireParticipants(KaheParameters parameters, int participants)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(participants);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(participants, parameters.Parties);
    }
}
