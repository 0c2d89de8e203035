namespace QuantumFed.Report;

/// <summary>report.html: one file that needs nothing else, made from a <see cref="RunReport"/>.</summary>
public static class ReportPage
{
    /// <summary>Renders the page.</summary>
    public static string Render(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return "";
    }
}
