using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantumFed.Lattice;

/// <summary>The L2 norm of a vector that comes in pieces. Not thread safe.</summary>
/// <remarks>The sum of squares is kept in double precision: squares of 32-bit numbers, at most 2^256, neither overflow nor vanish there. The norm is not
/// finite exactly if one of the numbers is not. Sixteen partial sums in a fixed order: the same bits on every machine.</remarks>
public sealed class L2Norm
{
    private const int Lanes = 16;
    private readonly double[] _squares = new double[Lanes];
    private int _lane;

    /// <summary>The norm of what was added so far; infinite or not a number if one of the numbers was.</summary>
    public double Value
    {
        get
        {
            double sum = 0;
            foreach (double squares in _squares)
                sum += squares;
            return Math.Sqrt(sum);
        }
    }

    /// <summary>Adds the next numbers.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        for (; _lane != 0 && !values.IsEmpty; values = values[1..])
            AddOne(values[0]);
        int whole = values.Length & -Lanes;
        AddRows(values[..whole]);
        foreach (float value in values[whole..])
            AddOne(value);
    }

    // Number i of the vector always adds to lane i mod 16, whatever registers these are split into.
    private void AddRows(ReadOnlySpan<float> values)
    {
        Vector256<double> a = Vector256.Create(_squares), b = Vector256.Create(_squares, 4), c = Vector256.Create(_squares, 8), d = Vector256.Create(_squares, 12);
        ref float from = ref MemoryMarshal.GetReference(values);
        for (nuint i = 0; i < (nuint)values.Length; i += Lanes)
        {
            (Vector256<double> x0, Vector256<double> x1) = Vector256.Widen(Vector256.LoadUnsafe(ref from, i));
            (Vector256<double> x2, Vector256<double> x3) = Vector256.Widen(Vector256.LoadUnsafe(ref from, i + 8));
            a += x0 * x0;
            b += x1 * x1;
            c += x2 * x2;
            d += x3 * x3;
        }
        a.CopyTo(_squares);
        b.CopyTo(_squares, 4);
        c.CopyTo(_squares, 8);
        d.CopyTo(_squares, 12);
    }

    private void AddOne(double value)
    {
        _squares[_lane] += value * value;
        _lane = (_lane + 1) % Lanes;
    }
}
