namespace QuantumFed.Qkd.Tests;

/// <summary>What a run noted, as counts of cells.</summary>
internal static class RecordCells
{
    /// <summary>How often each of the 48 kinds of detection occurs: bits, bases and intensity.</summary>
    public static long[] Kinds(LinkRun run)
    {
        long[] kinds = new long[48];
        for (long i = 0; i < Length(run); i++)
            kinds[CodeAt(run, i)]++;
        return kinds;
    }

    /// <summary>Photon numbers, knowledge and errors of the detections whose bases agree.</summary>
    public static long[] Truths(LinkRun run) =>
    [
        .. from basis in Enum.GetValues<Basis>()
           from photons in Enum.GetValues<PhotonNumberClass>()
           from count in (long[])[run.Truth.Detections(basis, photons) - run.Truth.Errors(basis, photons), run.Truth.Errors(basis, photons)]
           select count,
    ];

    /// <summary>Lengths of the gaps between detections, in cells of a width.</summary>
    public static long[] Gaps(List<long> positions, int width)
    {
        long[] gaps = new long[64];
        for (int i = 1; i < positions.Count; i++)
            gaps[Math.Min((positions[i] - positions[i - 1]) / width, 63)]++;
        return gaps;
    }

    /// <summary>The six bits of a detection.</summary>
    public static int CodeAt(LinkRun run, long i)
    {
        int code = 0;
        for (int plane = 0; plane < DetectionCode.Planes; plane++)
            code |= (int)(run.Detections.Plane(plane)[(int)(i >> 6)] >> (int)(i & 63) & 1) << plane;
        return code;
    }

    public static long Length(LinkRun run) => run.Detections.Count;
}
