namespace QuantumFed.Report;

/// <summary>Accuracy as a line over rounds or over time, beside the accuracies it is compared with.</summary>
internal sealed record AccuracyChart(
    string Id, string Title, string Description, IReadOnlyList<ChartPoint> Points, IReadOnlyList<ReferenceLine> References)
{
    private const double Height = 330;
    private const double Bottom = Height - ChartFrame.Foot;
    private const int MostMarkers = 40;

    /// <summary>Draws it over rounds.</summary>
    public void WriteOverRounds(Markup markup)
    {
        (double first, double last) = (Points[0].X, Points[^1].X);
        Axis x = Axis.OfRounds(first, last, ChartFrame.Left, ChartFrame.Right);
        Write(markup, x, Axis.RoundTicks(first, last).Select(tick => (x.At(tick), Wording.Plain(tick))), "Round");
    }

    /// <summary>Draws it over time from 0.</summary>
    public void WriteOverTime(Markup markup, string unit)
    {
        Axis x = Axis.FromZero(Points.Max(point => point.X), ChartFrame.Left, ChartFrame.Right - 10);
        Write(markup, x, x.Ticks.Select(tick => (x.At(tick), Wording.Plain(tick))), $"Time since the start ({unit})");
    }

    private void Write(Markup markup, Axis x, IEnumerable<(double X, string Label)> ticks, string name)
    {
        Axis y = Axis.OfFractions(Points.Select(point => point.Accuracy).Concat(References.Select(line => line.Accuracy)), Bottom, ChartFrame.Top);
        ChartFrame.Open(markup, Id, Title, Description, Height);
        ChartFrame.Vertical(markup, y, tick => Wording.Percent(Math.Clamp(tick, 0, 1), y.Decimals(2)));
        ChartFrame.Horizontal(markup, Bottom, ticks, name);
        foreach (ReferenceLine line in References)
        {
            double at = y.At(line.Accuracy);
            markup.Write($"<line class=\"line {line.Style}\" x1=\"{ChartFrame.Left}\" x2=\"{ChartFrame.Right}\" y1=\"{at}\" y2=\"{at}\">");
            markup.Write($"<title>{line.Name}: {Wording.ExactPercent(line.Accuracy)}</title></line>");
        }
        if (Points.Count > 1)
        {
            markup.Write($"<polyline class=\"line federated\" points=\"");
            foreach (ChartPoint point in Points)
                markup.Write($"{x.At(point.X)},{y.At(point.Accuracy)} ");
            markup.Write($"\"/>");
        }
        if (Points.Count <= MostMarkers)
        {
            foreach (ChartPoint point in Points)
                markup.Write($"<circle class=\"mark federated\" cx=\"{x.At(point.X)}\" cy=\"{y.At(point.Accuracy)}\" r=\"4.5\"><title>{point.Label}</title></circle>");
        }
        ChartFrame.Close(markup);
    }

    /// <summary>The sentence under an axis that does not start at 0, or an empty text.</summary>
    public string AxisNote()
    {
        Axis y = Axis.OfFractions(Points.Select(point => point.Accuracy).Concat(References.Select(line => line.Accuracy)), Bottom, ChartFrame.Top);
        return y.Minimum <= 0 ? "" : $"The accuracy axis starts at {Wording.Percent(y.Minimum, y.Decimals(2))}, not at 0.";
    }
}
