namespace QuantumFed.Report;

/// <summary>One bar for each round, stacked from the seconds of its phases.</summary>
internal sealed record PhaseChart(string Id, string Title, string Description, IReadOnlyList<string> Phases, IReadOnlyList<PhaseBar> Bars)
{
    /// <summary>Fills that can be told apart without colour.</summary>
    public const int Fills = 8;

    private const double Height = 330;
    private const double Bottom = Height - ChartFrame.Foot;
    private const double WidestBar = 46;

    public void WriteTo(Markup markup)
    {
        (double first, double last) = (Bars[0].Round, Bars[^1].Round);
        Axis x = Axis.OfRounds(first, last, ChartFrame.Left, ChartFrame.Right);
        Axis y = Axis.FromZero(Bars.Max(bar => bar.Seconds.Sum()), Bottom, ChartFrame.Top);
        // Thinned rounds stand apart; every bar gets its share of the axis, so that none hides another.
        double width = Math.Min(WidestBar, (ChartFrame.Right - ChartFrame.Left) / Bars.Count * 0.72);
        ChartFrame.Open(markup, Id, Title, Description, Height);
        ChartFrame.Vertical(markup, y, tick => Wording.Plain(tick) + " s");
        foreach (PhaseBar bar in Bars)
        {
            double from = 0;
            for (int phase = 0; phase < Phases.Count; phase++)
            {
                double to = from + bar.Seconds[phase];
                if (to > from)
                {
                    markup.Write($"<rect class=\"bar fill{phase % Fills}\" x=\"{x.At(bar.Round) - (width / 2)}\" y=\"{y.At(to)}\" width=\"{width}\" height=\"{y.At(from) - y.At(to)}\">");
                    markup.Write($"<title>Round {Wording.Plain(bar.Round)}, {Phases[phase]}: {Wording.Seconds(bar.Seconds[phase])} s</title></rect>");
                }
                from = to;
            }
        }
        ChartFrame.Horizontal(markup, Bottom, Axis.RoundTicks(first, last).Select(tick => (x.At(tick), Wording.Plain(tick))), "Round");
        ChartFrame.Close(markup);
    }
}
