using System.Numerics;

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

    // Registers of every width hold the same lanes: number i of the vector always adds to lane i mod 16.
    private void AddRows(ReadOnlySpan<float> values)
    {
        Span<Vector<double>> sums = stackalloc Vector<double>[Lanes / Vector<double>.Count];
        for (int i = 0; i < sums.Length; i++)
            sums[i] = new Vector<double>(_squares, i * Vector<double>.Count);
        for (; !values.IsEmpty; values = values[Lanes..])
        {
            for (int i = 0; i < sums.Length; i += 2)
            {
                Vector.Widen(new Vector<float>(values[(i * Vector<double>.Count)..]), out Vector<double> low, out Vector<double> high);
                sums[i] += low * low;
                sums[i + 1] += high * high;
            }
        }
        for (int i = 0; i < sums.Length; i++)
            sums[i].CopyTo(_squares, i * Vector<double>.Count);
    }

    private void AddOne(double value)
    {
        _squares[_lane] += value * value;
        _lane = (_lane + 1) % Lanes;
    }
}
