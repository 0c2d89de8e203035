namespace QuantumFed.Report;

/// <summary>Two bars for each phase: what a member sent, and what it received.</summary>
internal sealed record TrafficChart(string Id, string Title, string Description, IReadOnlyList<ReportTraffic> Phases)
{
    private const double Left = 6;
    private const double RowHeight = 76;
    private const double BarHeight = 19;
    // A bar ends before its label must begin: "1,023.9 KiB" in the large letters of a narrow screen.
    private const double LabelWidth = 128;

    public void WriteTo(Markup markup)
    {
        double most = Phases.SelectMany(phase => (double?[])[phase.SentByMembers, phase.ReceivedByMembers]).OfType<double>().Max();
        double scale = (ChartFrame.Right - LabelWidth - Left) / (most > 0 ? most : 1);
        double height = ChartFrame.Top + (Phases.Count * RowHeight);
        ChartFrame.Open(markup, Id, Title, Description, height);
        for (int row = 0; row < Phases.Count; row++)
        {
            double top = (row * RowHeight) + 4;
            ReportTraffic phase = Phases[row];
            markup.Write($"<text class=\"label\" x=\"{Left}\" y=\"{top + 16}\">{phase.Name}</text>");
            WriteBar(markup, phase.Name, "sent", "fill0", phase.SentByMembers, top + 24, scale);
            markup.Write($"<line class=\"axis\" x1=\"{Left}\" x2=\"{Left}\" y1=\"{top + 22}\" y2=\"{top + 26 + (2 * BarHeight)}\"/>");
            WriteBar(markup, phase.Name, "received", "fill1", phase.ReceivedByMembers, top + 26 + BarHeight, scale);
        }
        ChartFrame.Close(markup);
    }

    private static void WriteBar(Markup markup, string phase, string direction, string fill, double? bytes, double top, double scale)
    {
        double width = (bytes ?? 0) * scale;
        if (bytes is { } known)
        {
            markup.Write($"<rect class=\"bar {fill}\" x=\"{Left}\" y=\"{top}\" width=\"{width}\" height=\"{BarHeight - 2}\">");
            markup.Write($"<title>{phase}, {direction}: {Wording.WholeBytes(known)} bytes</title></rect>");
        }
        string text = bytes is { } measured ? Wording.Bytes(measured) : "not measured";
        markup.Write($"<text x=\"{Left + width + 8}\" y=\"{top + (BarHeight / 2)}\" dy=\"0.28em\">{text}</text>");
    }
}
