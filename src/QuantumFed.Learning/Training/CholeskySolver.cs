namespace QuantumFed.Learning;

/// <summary>Solves A x = b for a symmetric positive definite A by A = L L^T (Golub and Van Loan, Matrix Computations, 4.2).</summary>
/// <remarks>
/// Scalar IEEE + - * / and square root, in one order. .NET never contracts a product and a sum into a fused one by itself, so the result
/// is the same, bit for bit, on every machine: a regulator's replay rests on this. Vectorising it would break that.
/// </remarks>
internal static class CholeskySolver
{
    /// <summary>Solves; false where A is not positive definite as far as doubles can tell.</summary>
    /// <param name="matrix">n x n, row by row; only the lower triangle is read. Overwritten.</param>
    /// <param name="vector">b on entry, x on success.</param>
    /// <param name="pivot">The row whose pivot vanished, where one did.</param>
    public static bool TrySolve(double[] matrix, double[] vector, out int pivot)
    {
        int n = vector.Length;

        // A pivot is its diagonal element minus a sum of squares; once it is below the rounding errors of that sum, it is noise, not a
        // pivot.
        const double machineEpsilon = 1.0 / (1L << 52);
        double noise = n * machineEpsilon;
        for (pivot = 0; pivot < n; pivot++)
        {
            int j = pivot;
            double diagonal = matrix[j * n + j], remainder = diagonal;
            for (int k = 0; k < j; k++) remainder -= matrix[j * n + k] * matrix[j * n + k];
            if (!(remainder > noise * diagonal) || !double.IsFinite(remainder)) return false;
            double root = Math.Sqrt(remainder);
            matrix[j * n + j] = root;
            for (int i = j + 1; i < n; i++)
            {
                double element = matrix[i * n + j];
                for (int k = 0; k < j; k++) element -= matrix[i * n + k] * matrix[j * n + k];
                matrix[i * n + j] = element / root;
            }
        }

        for (int i = 0; i < n; i++)
        {
            double element = vector[i];
            for (int k = 0; k < i; k++) element -= matrix[i * n + k] * vector[k];
            vector[i] = element / matrix[i * n + i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            double element = vector[i];
            for (int k = i + 1; k < n; k++) element -= matrix[k * n + i] * vector[k];
            vector[i] = element / matrix[i * n + i];
        }

        return true;
    }
}
