using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace QuantumFed.Lattice;

/// <summary>A ring element in evaluation form, ready to be multiplied by: centred values and their quotients by q. Zeroed on dispose.</summary>
internal sealed class TransformedElement : IDisposable
{
    private TransformedElement(int degree)
    {
        // Pinned: the collector never copies them, so zeroing reaches the only copy.
        Values = GC.AllocateArray<double>(degree, pinned: true);
        OverQ = GC.AllocateArray<double>(degree, pinned: true);
    }

    /// <summary>|value| &lt;= (q - 1)/2.</summary>
    internal double[] Values { get; }

    /// <summary>fl(value / q).</summary>
    internal double[] OverQ { get; }

    /// <summary>Evaluates the polynomial with the given small coefficients, |coefficient| &lt;= q. No branch sees a coefficient.</summary>
    internal static TransformedElement Of(NegacyclicRing ring, ReadOnlySpan<int> coefficients)
    {
        var element = new TransformedElement(ring.Degree);
        for (int i = 0; i < element.Values.Length; i++)
            element.Values[i] = coefficients[i];
        // The residues lie where the quotients will, so that no other copy has to be erased.
        Span<ulong> residues = MemoryMarshal.Cast<double, ulong>(element.OverQ.AsSpan());
        ring.Forward(element.Values, residues);
        for (int i = 0; i < residues.Length; i++)
        {
            element.Values[i] = ring.Modulus.Centre(residues[i]);
            element.OverQ[i] = element.Values[i] / ring.Modulus.Value;
        }
        return element;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(Values.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(OverQ.AsSpan()));
    }
}
