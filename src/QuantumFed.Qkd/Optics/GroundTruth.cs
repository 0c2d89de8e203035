namespace QuantumFed.Qkd;

/// <summary>What no party can know and a simulator does: the photon numbers behind the detections whose bases agree, and what the eavesdropper knows.</summary>
/// <remarks>Bounds are held against it.</remarks>
public sealed class GroundTruth
{
    private const int Classes = 3;

    private readonly long[] _counts = new long[2 * Classes * 2 * 2];

    internal GroundTruth() { }

    /// <summary>Detections in this basis of pulses with so many photons.</summary>
    public long Detections(Basis basis, PhotonNumberClass photons) => Sum(basis, (photonClass, _, _) => photonClass == photons);

    /// <summary>Those of them whose bit is wrong.</summary>
    public long Errors(Basis basis, PhotonNumberClass photons) => Sum(basis, (photonClass, _, isError) => photonClass == photons && isError);

    /// <summary>Detections in this basis whose bit the eavesdropper knows for certain.</summary>
    public long KnownToEavesdropper(Basis basis) => Sum(basis, (_, isKnown, _) => isKnown);

    /// <summary>Adds a detection. The outcome is 4 class + 2 known + error.</summary>
    internal void Add(int basis, int outcome) => _counts[basis * (4 * Classes) + outcome]++;

    internal static int Outcome(PhotonNumberClass photons, bool isKnown, bool isError) => 4 * (int)photons + (isKnown ? 2 : 0) + (isError ? 1 : 0);

    internal const int Outcomes = 4 * Classes;

    private long Sum(Basis basis, Func<PhotonNumberClass, bool, bool, bool> wanted)
    {
        long sum = 0;
        for (int outcome = 0; outcome < Outcomes; outcome++)
        {
            if (wanted((PhotonNumberClass)(outcome >> 2), (outcome & 2) != 0, (outcome & 1) != 0))
                sum += _counts[(int)basis * Outcomes + outcome];
        }
        return sum;
    }
}
