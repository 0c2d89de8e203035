namespace QuantumFed.Lattice;

/// <summary>The inverses in F_p of the differences between committee points: all differences are within 255 of 0.</summary>
internal static class SmallInverses
{
    private static readonly uint[] s_inverses = Compute();

    /// <summary>1/(x - y) for distinct public x and y, both at most 255.</summary>
    internal static uint OfDifference(uint x, uint y) => x > y ? s_inverses[x - y] : MersenneField.Subtract(0, s_inverses[y - x]);

    private static uint[] Compute()
    {
        uint[] inverses = new uint[SharingParameters.MaxCommitteeSize + 1];
        for (uint d = 1; d < inverses.Length; d++)
            inverses[d] = MersenneField.Invert(d);
        return inverses;
    }
}
