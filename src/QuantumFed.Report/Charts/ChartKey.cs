namespace QuantumFed.Report;

/// <summary>The key over a chart: a sample of each mark with its name. It is text of the page, so that it wraps on a narrow one.</summary>
internal static class ChartKey
{
    public static void Write(Markup markup, IEnumerable<(ChartSample Sample, string Style, string Name)> entries)
    {
        markup.Write($"<ul class=\"key\">");
        foreach ((ChartSample sample, string style, string name) in entries)
        {
            markup.Write($"<li><svg class=\"sample\" aria-hidden=\"true\" viewBox=\"0 0 36 16\">");
            switch (sample)
            {
                case ChartSample.Line:
                    markup.Write($"<line class=\"line {style}\" x1=\"1\" x2=\"35\" y1=\"8\" y2=\"8\"/>");
                    break;
                case ChartSample.LineWithMark:
                    markup.Write($"<line class=\"line {style}\" x1=\"1\" x2=\"35\" y1=\"8\" y2=\"8\"/><circle class=\"mark {style}\" cx=\"18\" cy=\"8\" r=\"4.5\"/>");
                    break;
                case ChartSample.Ring:
                    markup.Write($"<circle class=\"mark {style}\" cx=\"18\" cy=\"8\" r=\"6\"/>");
                    break;
                case ChartSample.Diamond:
                    markup.Write($"<path class=\"mark {style}\" d=\"M18 1L25 8L18 15L11 8Z\"/>");
                    break;
                default:
                    markup.Write($"<rect class=\"bar {style}\" x=\"1\" y=\"1\" width=\"34\" height=\"14\"/>");
                    break;
            }
            markup.Write($"</svg>{name}</li>");
        }
        markup.Write($"</ul>\n");
    }
}
