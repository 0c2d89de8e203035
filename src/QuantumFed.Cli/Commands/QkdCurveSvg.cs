using System.Globalization;
using System.Text;

namespace QuantumFed.Cli;

/// <summary><see cref="QkdCurve"/> as a picture that a browser draws, in light and in dark.</summary>
internal static class QkdCurveSvg
{
    private const int Width = 760, Height = 480, Left = 78, Right = 24, Top = 54, Bottom = 56;
    private const int LeastExponent = -8, MostExponent = -2;
    private const int LegendTop = Top + 18, LegendLeft = 398, LegendStep = 20;

    public static string Of(QkdCurve curve)
    {
        var svg = new StringBuilder();
        string pulses = curve.Pulses.ToString("0.###e+0", CultureInfo.InvariantCulture).Replace("e+", "e", StringComparison.Ordinal);
        Add($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" role="img" aria-labelledby="title description">
            <title id="title">Key rate of a simulated quantum link against the fibre's length</title>
            <desc id="description">Three curves of theory (infinitely many decoys, two decoys, and two decoys with {pulses} pulses), and simulated links as points on the last two. All end near 140 km or before.</desc>
            <style>
            svg {"{"} --back: #ffffff; --text: #1c2330; --grid: #dfe3ea; --first: #6b7280; --second: #1d5fb8; --third: #b4530a; font: 13px system-ui, sans-serif; background: var(--back); {"}"}
            @media (prefers-color-scheme: dark) {"{"} svg {"{"} --back: #14181f; --text: #e6e9ef; --grid: #2f3642; --first: #a3adbb; --second: #78b0ff; --third: #ffae66; {"}"} {"}"}
            text {"{"} fill: var(--text); {"}"} .heading {"{"} font-size: 16px; font-weight: 600; {"}"} .grid {"{"} stroke: var(--grid); {"}"} .axis {"{"} stroke: var(--text); {"}"}
            path {"{"} fill: none; stroke-width: 2; {"}"} .first {"{"} stroke: var(--first); stroke-dasharray: 6 4; {"}"} .second {"{"} stroke: var(--second); {"}"} .third {"{"} stroke: var(--third); {"}"}
            circle {"{"} fill: var(--second); {"}"} rect.point {"{"} fill: var(--third); {"}"}
            </style>
            <rect width="{Width}" height="{Height}" style="fill: var(--back)"/>
            <text class="heading" x="{Left}" y="24">Key rate of a simulated link, decoy-state BB84</text>
            <text x="{Left}" y="43" font-size="12">with infinitely many pulses: per signal pulse, half of them sifted; with {pulses}: per pulse sent, against any attack</text>

            """);
        for (int exponent = LeastExponent; exponent <= MostExponent; exponent++)
        {
            double y = Y(Math.Pow(10, exponent));
            Add($"""
                <line class="grid" x1="{Left}" y1="{y:F1}" x2="{Width - Right}" y2="{y:F1}"/>
                <text x="{Left - 10}" y="{y + 4:F1}" text-anchor="end">10<tspan dy="-5" font-size="10">{(exponent < 0 ? "\u2212" : "")}{Math.Abs(exponent)}</tspan></text>

                """);
        }
        for (int kilometres = 0; kilometres <= QkdCurve.MostKilometres; kilometres += 25)
        {
            Add($"""
                <line class="grid" x1="{X(kilometres):F1}" y1="{Top}" x2="{X(kilometres):F1}" y2="{Height - Bottom}"/>
                <text x="{X(kilometres):F1}" y="{Height - Bottom + 20}" text-anchor="middle">{kilometres}</text>

                """);
        }
        Add($"""
            <path class="axis" d="M{Left} {Top}V{Height - Bottom}H{Width - Right}" style="stroke-width: 1"/>
            <text x="{(Left + Width - Right) / 2}" y="{Height - 14}" text-anchor="middle">length of the fibre, km</text>
            <text transform="translate(20 {(Top + Height - Bottom) / 2}) rotate(-90)" text-anchor="middle">secret key, bits per pulse</text>
            <path class="first" d="{Line(curve.InfiniteDecoys)}"/>
            <path class="second" d="{Line(curve.VacuumAndWeak)}"/>
            <path class="third" d="{Line(curve.Finite)}"/>

            """);
        foreach (QkdCurve.Point point in curve.SimulatedVacuumAndWeak.Where(Shown))
            Add($"<circle cx=\"{X(point.Kilometres):F1}\" cy=\"{Y(point.KeyRate):F1}\" r=\"4\"/>\n");
        foreach (QkdCurve.Point point in curve.SimulatedFinite.Where(Shown))
            Add($"<rect class=\"point\" x=\"{X(point.Kilometres) - 4:F1}\" y=\"{Y(point.KeyRate) - 4:F1}\" width=\"8\" height=\"8\"/>\n");
        Add($"""
            <rect x="{LegendLeft - 10}" y="{LegendTop - 16}" width="{Width - Right - LegendLeft + 4}" height="{5 * LegendStep + 8}" style="fill: var(--back); stroke: var(--grid)"/>
            <path class="first" d="M{LegendLeft} {LegendTop}h28"/><text x="{LegendLeft + 38}" y="{LegendTop + 4}">theory, infinitely many decoys and pulses</text>
            <path class="second" d="M{LegendLeft} {LegendTop + LegendStep}h28"/><text x="{LegendLeft + 38}" y="{LegendTop + LegendStep + 4}">theory, vacuum and a weak decoy</text>
            <circle cx="{LegendLeft + 14}" cy="{LegendTop + 2 * LegendStep}" r="4"/><text x="{LegendLeft + 38}" y="{LegendTop + 2 * LegendStep + 4}">simulated, counts taken as exact</text>
            <path class="third" d="M{LegendLeft} {LegendTop + 3 * LegendStep}h28"/><text x="{LegendLeft + 38}" y="{LegendTop + 3 * LegendStep + 4}">theory, {pulses} pulses</text>
            <rect class="point" x="{LegendLeft + 10}" y="{LegendTop + 4 * LegendStep - 4}" width="8" height="8"/><text x="{LegendLeft + 38}" y="{LegendTop + 4 * LegendStep + 4}">simulated, {pulses} pulses</text>
            </svg>

            """);
        return svg.ToString();

        void Add(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));
    }

    private static bool Shown(QkdCurve.Point point) => point.KeyRate >= Math.Pow(10, LeastExponent);

    // A curve ends where its rate falls through the floor of the picture.
    private static string Line(IReadOnlyList<QkdCurve.Point> points)
    {
        string[] corners = [.. points.Where(Shown).Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Kilometres):F1} {Y(point.KeyRate):F1}"))];
        return corners.Length == 0 ? "" : "M" + string.Join('L', corners);
    }

    private static double X(double kilometres) => Left + kilometres / QkdCurve.MostKilometres * (Width - Left - Right);

    private static double Y(double rate) => Top + (MostExponent - Math.Log10(rate)) / (MostExponent - LeastExponent) * (Height - Top - Bottom);
}
