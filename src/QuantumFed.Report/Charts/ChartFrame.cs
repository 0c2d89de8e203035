namespace QuantumFed.Report;

/// <summary>What all charts share: the size of the drawing, its names for screen readers, and the axes.</summary>
// The drawing scales with its box. On narrow screens the style sheet sets larger letters, in the drawing's own units, so margins leave room for these.
internal static class ChartFrame
{
    public const double Width = 560;
    public const double Left = 66;
    public const double Right = Width - 14;
    public const double Top = 16;
    public const double Foot = 58;

    public static void Open(Markup markup, string id, string title, string description, double height)
    {
        markup.Write($"<svg class=\"chart\" id=\"{id}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {Width} {height}\">");
        markup.Write($"<title id=\"{id}-title\">{title}</title><desc id=\"{id}-desc\">{description}</desc>");
    }

    public static void Close(Markup markup) => markup.Write($"</svg>\n");

    /// <summary>Horizontal grid lines with their labels on the left.</summary>
    public static void Vertical(Markup markup, Axis axis, Func<double, string> label, double right = Right)
    {
        foreach (double tick in axis.Ticks)
        {
            double y = axis.At(tick);
            markup.Write($"<line class=\"grid\" x1=\"{Left}\" x2=\"{right}\" y1=\"{y}\" y2=\"{y}\"/>");
            markup.Write($"<text x=\"{Left - 8}\" y=\"{y}\" dy=\"0.35em\" text-anchor=\"end\">{label(tick)}</text>");
        }
    }

    /// <summary>The lower axis with the ticks given and its name.</summary>
    public static void Horizontal(Markup markup, double y, IEnumerable<(double X, string Label)> ticks, string name, double left = Left)
    {
        markup.Write($"<line class=\"axis\" x1=\"{left}\" x2=\"{Right}\" y1=\"{y}\" y2=\"{y}\"/>");
        foreach ((double x, string label) in ticks)
        {
            markup.Write($"<line class=\"axis\" x1=\"{x}\" x2=\"{x}\" y1=\"{y}\" y2=\"{y + 5}\"/>");
            string anchor = x > Right - 20 ? "end" : x < 20 ? "start" : "middle";
            markup.Write($"<text x=\"{x}\" y=\"{y + 9}\" dy=\"0.8em\" text-anchor=\"{anchor}\">{label}</text>");
        }
        markup.Write($"<text class=\"name\" x=\"{Right}\" y=\"{y + 31}\" dy=\"0.8em\" text-anchor=\"end\">{name}</text>");
    }
}
