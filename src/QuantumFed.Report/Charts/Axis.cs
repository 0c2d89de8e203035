namespace QuantumFed.Report;

/// <summary>A linear axis over a length of the drawing, with ticks at 1, 2, 2.5 or 5 times a power of ten.</summary>
internal sealed class Axis
{
    private readonly double _from;
    private readonly double _to;

    private Axis(double minimum, double maximum, double step, double from, double to)
    {
        (Minimum, Maximum, Step, _from, _to) = (minimum, maximum, step, from, to);
        int count = (int)Math.Round((maximum - minimum) / step);
        Ticks = [.. Enumerable.Range(0, count + 1).Select(i => minimum + (i * step))];
    }

    /// <summary>The value at the axis' beginning.</summary>
    public double Minimum { get; }

    /// <summary>The value at its end.</summary>
    public double Maximum { get; }

    /// <summary>The distance of two ticks.</summary>
    public double Step { get; }

    /// <summary>Values to label, from the beginning to the end.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Decimals that tell one tick from the next when the values are shown times 10^<paramref name="shift"/>.</summary>
    public int Decimals(int shift)
    {
        double step = Step * Math.Pow(10, shift);
        int decimals = 0;
        for (; decimals < 4 && Math.Abs(step - Math.Round(step)) > 1e-6; decimals++)
            step *= 10;
        return decimals;
    }

    /// <summary>Where a value lies on the drawing. Round numbers beyond 2^53 are so coarse that an axis of them may have no length; then it is the middle.</summary>
    public double At(double value) => _from + ((Maximum > Minimum ? (value - Minimum) / (Maximum - Minimum) : 0.5) * (_to - _from));

    /// <summary>An axis for accuracies: close around them, within 0 and 1, so that small differences can be seen.</summary>
    public static Axis OfFractions(IEnumerable<double> values, double from, double to)
    {
        (double low, double high) = (values.Min(), values.Max());
        double margin = Math.Max((high - low) * 0.08, 0.01);
        double step = StepFor(high - low + (2 * margin), 5);
        double minimum = Math.Max(0, Math.Floor((low - margin) / step) * step);
        double maximum = Math.Min(1, Math.Ceiling((high + margin) / step) * step);
        // Every step that StepFor chooses below 1 divides 1, so an axis that ends at 1 ends on a tick.
        return new Axis(minimum, maximum, step, from, to);
    }

    /// <summary>An axis from 0 for times and bytes.</summary>
    public static Axis FromZero(double most, double from, double to, int wantedTicks = 5)
    {
        double step = StepFor(most > 0 ? most : 1, wantedTicks);
        return new Axis(0, Math.Max(step, Math.Ceiling((most / step) - 1e-9) * step), step, from, to);
    }

    /// <summary>An axis for whole numbers, half a step wider than they are on both sides.</summary>
    // Its ticks are those of RoundTicks; the axis only maps.
    public static Axis OfRounds(double first, double last, double from, double to) => new(first - 0.5, last + 0.5, last - first + 1, from, to);

    /// <summary>Whole numbers to label between two, at most nine.</summary>
    public static IEnumerable<double> RoundTicks(double first, double last)
    {
        double step = Math.Max(1, Math.Ceiling(StepFor(last - first, 7)));
        double tick = Math.Ceiling(first / step) * step;
        return Enumerable.Range(0, 9).Select(i => tick + (i * step)).TakeWhile(value => value <= last);
    }

    private static double StepFor(double range, int wantedTicks)
    {
        double rough = Math.Max(range, 1e-6) / wantedTicks;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double lead = rough / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 2.5 ? 2.5 : lead <= 5 ? 5 : 10);
    }
}
