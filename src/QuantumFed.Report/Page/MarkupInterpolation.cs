using System.Globalization;
using System.Runtime.CompilerServices;

namespace QuantumFed.Report;

/// <summary>Makes <c>markup.Write($"...")</c> escape its values. Numbers are written in the invariant culture, doubles with at most two decimals.</summary>
[InterpolatedStringHandler]
internal readonly ref struct MarkupInterpolation
{
    private readonly Markup _markup;

    public MarkupInterpolation(int literalLength, int formattedCount, Markup markup) => (_, _, _markup) = (literalLength, formattedCount, markup);

    public void AppendLiteral(string literal) => _markup.Literal(literal);

    public void AppendFormatted(string? text) => _markup.Escaped(text ?? "");

    public void AppendFormatted(double number) => _markup.Escaped(number.ToString("0.##", CultureInfo.InvariantCulture));

    public void AppendFormatted(int number) => _markup.Escaped(number.ToString(CultureInfo.InvariantCulture));
}
