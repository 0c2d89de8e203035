namespace QuantumFed.Lattice;

/// <summary>Constants to multiply by: w, centred, and w/q rounded to a double.</summary>
internal sealed class TwiddleTable
{
    private TwiddleTable(double[] values, double[] overQ) => (Values, OverQ) = (values, overQ);

    /// <summary>w in [-(q-1)/2, (q-1)/2], exact.</summary>
    internal double[] Values { get; }

    /// <summary>fl(w/q).</summary>
    internal double[] OverQ { get; }

    internal static TwiddleTable Of(Modulus modulus, ReadOnlySpan<ulong> residues)
    {
        double[] values = new double[residues.Length], overQ = new double[residues.Length];
        for (int i = 0; i < residues.Length; i++)
        {
            values[i] = modulus.Centre(residues[i]);
            overQ[i] = values[i] / modulus.Value;
        }
        return new TwiddleTable(values, overQ);
    }
}
