namespace QuantumFed.Qkd.Tests;

/// <summary>Nelder and Mead (1965), restarted.</summary>
internal static class SimplexSearch
{
    private const int Restarts = 6, Steps = 400;

    public static double Maximum(Func<double[], double> value, double[] start)
    {
        double[] best = start;
        for (int round = 0; round < Restarts; round++)
            best = From(value, best, round % 2 == 0 ? 0.1 : -0.05);
        return value(best);
    }

    private static double[] From(Func<double[], double> value, double[] start, double step)
    {
        int n = start.Length;
        (double[] X, double V)[] points =
        [
            .. Enumerable.Range(-1, n + 1).Select(k =>
            {
                double[] x = [.. start.Select((xi, i) => i == k ? xi * (1 + step) : xi)];
                return (x, value(x));
            }),
        ];
        for (int i = 0; i < Steps; i++)
        {
            Array.Sort(points, (a, b) => b.V.CompareTo(a.V));
            if (points[0].V - points[n].V <= 1e-9 * points[0].V)
                break;
            double[] centre = [.. Enumerable.Range(0, n).Select(k => points[..n].Average(p => p.X[k]))], worst = points[n].X;
            (double[] X, double V) reflected = Along(1);
            (double[] X, double V) tried = reflected.V > points[0].V ? Along(2) : reflected.V > points[n].V ? Along(0.5) : Along(-0.5);
            if (reflected.V > points[n - 1].V)
                points[n] = tried.V > reflected.V ? tried : reflected;
            else if (tried.V > points[n].V)
                points[n] = tried;
            else
                Shrink();

            (double[], double) Along(double t)
            {
                double[] x = [.. centre.Zip(worst, (c, w) => c + t * (c - w))];
                return (x, value(x));
            }
        }
        return points.MaxBy(p => p.V).X;

        void Shrink()
        {
            for (int k = 1; k <= n; k++)
            {
                double[] x = [.. points[k].X.Zip(points[0].X, (a, b) => (a + b) / 2)];
                points[k] = (x, value(x));
            }
        }
    }
}
