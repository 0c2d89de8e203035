using System.Globalization;

namespace QuantumFed.Report;

/// <summary>One row for each hospital: a ring for its own model, a diamond for the federated one, and a line between them.</summary>
internal sealed record HospitalChart(string Id, string Title, string Description, IReadOnlyList<HospitalPair> Hospitals)
{
    private const double Left = 24;
    private const double RowHeight = 58;
    private const int MostLetters = 34;

    private Axis Scale => Axis.OfFractions(
        Hospitals.SelectMany(pair => (double?[])[pair.Local, pair.Federated]).OfType<double>(), Left, ChartFrame.Right - 20);

    public void WriteTo(Markup markup)
    {
        Axis x = Scale;
        double bottom = ChartFrame.Top + (Hospitals.Count * RowHeight);
        ChartFrame.Open(markup, Id, Title, Description, bottom + ChartFrame.Foot);
        foreach (double tick in x.Ticks)
            markup.Write($"<line class=\"grid\" x1=\"{x.At(tick)}\" x2=\"{x.At(tick)}\" y1=\"{ChartFrame.Top}\" y2=\"{bottom}\"/>");
        for (int row = 0; row < Hospitals.Count; row++)
            WriteRow(markup, x, Hospitals[row], ChartFrame.Top + (row * RowHeight));
        ChartFrame.Horizontal(
            markup, bottom, x.Ticks.Select(tick => (x.At(tick), Wording.Percent(Math.Clamp(tick, 0, 1), x.Decimals(2)))), "Accuracy on its own test rows", Left);
        ChartFrame.Close(markup);
    }

    /// <summary>The sentence under an axis that does not start at 0, or an empty text.</summary>
    public string AxisNote() => Scale is { Minimum: > 0 } x ? $"The accuracy axis starts at {Wording.Percent(x.Minimum, x.Decimals(2))}, not at 0." : "";

    private static void WriteRow(Markup markup, Axis x, HospitalPair pair, double top)
    {
        double y = top + 39;
        markup.Write($"<line class=\"grid\" x1=\"{Left - 20}\" x2=\"{ChartFrame.Right}\" y1=\"{top}\" y2=\"{top}\"/>");
        markup.Write($"<text class=\"label\" x=\"{Left - 20}\" y=\"{top + 20}\">{Short(pair.Name)}</text>");
        if (pair is { Local: { } from, Federated: { } to })
        {
            markup.Write($"<text class=\"label\" x=\"{ChartFrame.Right}\" y=\"{top + 20}\" text-anchor=\"end\">{Wording.Points(to - from)}</text>");
            markup.Write($"<line class=\"join\" x1=\"{x.At(from)}\" x2=\"{x.At(to)}\" y1=\"{y}\" y2=\"{y}\"/>");
        }
        if (pair.Local is { } local)
        {
            markup.Write($"<circle class=\"mark local\" cx=\"{x.At(local)}\" cy=\"{y}\" r=\"6\">");
            markup.Write($"<title>{pair.Name}, local-only model: {Wording.ExactPercent(local)}</title></circle>");
        }
        if (pair.Federated is { } federated)
        {
            double at = x.At(federated);
            markup.Write($"<path class=\"mark federated\" d=\"M{at} {y - 7}L{at + 7} {y}L{at} {y + 7}L{at - 7} {y}Z\">");
            markup.Write($"<title>{pair.Name}, federated model: {Wording.ExactPercent(federated)}</title></path>");
        }
    }

    private static string Short(string name)
    {
        var text = new StringInfo(name);
        return text.LengthInTextElements <= MostLetters ? name : text.SubstringByTextElements(0, MostLetters - 1) + "…";
    }
}
