namespace QuantumFed.Report;

/// <summary>Hatchings for the bars, so that phases can be told apart without colour. Their colours come from the style sheet.</summary>
internal static class ChartPatterns
{
    /// <summary>Writes them once; every chart of the page refers to them.</summary>
    public static void Write(Markup markup)
    {
        markup.Write($"<svg class=\"patterns\" aria-hidden=\"true\" width=\"0\" height=\"0\"><defs>");
        Pattern(markup, 1, 6, "M-1 1L1 -1M0 6L6 0M5 7L7 5");
        Pattern(markup, 2, 5, "M0 2.5L5 2.5");
        Pattern(markup, 4, 5, "M2.5 0L2.5 5");
        Pattern(markup, 5, 6, "M-1 5L1 7M0 0L6 6M5 -1L7 1");
        Pattern(markup, 6, 7, "M0 3.5L7 3.5M3.5 0L3.5 7");
        markup.Write($"</defs></svg>\n");
    }

    private static void Pattern(Markup markup, int fill, int size, string path) =>
        markup.Write($"<pattern id=\"hatch{fill}\" patternUnits=\"userSpaceOnUse\" width=\"{size}\" height=\"{size}\"><rect class=\"hatch-ground{fill}\" width=\"{size}\" height=\"{size}\"/><path class=\"hatch{fill}\" d=\"{path}\"/></pattern>");
}
