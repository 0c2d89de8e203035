using System.Runtime.CompilerServices;

namespace QuantumFed.Lattice;

/// <summary>One element at a time. <see cref="Math.FusedMultiplyAdd"/> is exact on every platform, in hardware or not.</summary>
internal readonly unsafe struct ScalarLane : ILane<double>
{
    public static int Count => 1;

    public static double Broadcast(double value) => value;

    public static double Load(double* source) => *source;

    public static void Store(double x, double* destination) => *destination = x;

    public static double Add(double x, double y) => x + y;

    public static double Subtract(double x, double y) => x - y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double MultiplyMod(double x, double w, double wOverQ, double q)
    {
        double h = x * w;
        double k = Math.FusedMultiplyAdd(x, wOverQ, ILane<double>.RoundingMagic) - ILane<double>.RoundingMagic;
        double l = Math.FusedMultiplyAdd(x, w, -h);
        return Math.FusedMultiplyAdd(-k, q, h) + l;
    }

    public static void StoreResidues(double x, ulong q, ulong* destination)
    {
        // The low bits of x + magic are the integer, offset by the bits of the magic number.
        long r = BitConverter.DoubleToInt64Bits(x + ILane<double>.RoundingMagic) - BitConverter.DoubleToInt64Bits(ILane<double>.RoundingMagic);
        *destination = (ulong)(r + ((r >> 63) & (long)q));
    }

    public static void TransposeRows(
        ref double a0, ref double a1, ref double a2, ref double a3, ref double a4, ref double a5, ref double a6, ref double a7) =>
        throw new NotSupportedException();

    public static void TransposeSquare(double* square)
    {
        for (int row = 1; row < 8; row++)
        {
            for (int column = 0; column < row; column++)
                (square[8 * row + column], square[8 * column + row]) = (square[8 * column + row], square[8 * row + column]);
        }
    }
}
