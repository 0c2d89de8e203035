using System.Runtime.CompilerServices;
using System.Text;

namespace QuantumFed.Report;

/// <summary>
/// HTML in the making, well-formed as XML too. Only the literal parts of what is written are markup; every value put into them is escaped, so a name from
/// a report can never become an element or leave its attribute.
/// </summary>
internal sealed class Markup
{
    /// <summary>Longer texts are cut. No name, address or hash is that long; a hostile report must not make the page so.</summary>
    public const int MostCharacters = 600;

    private readonly StringBuilder _text = new();

    /// <summary>Writes <c>$"..."</c>: literals as they are, values escaped.</summary>
    /// <returns>This object.</returns>
    // The handler has written through to this object by the time the call is made.
    public Markup Write([InterpolatedStringHandlerArgument("")] ref MarkupInterpolation markup) => this;

    /// <summary>Writes what is markup already.</summary>
    internal void Literal(string markup) => _text.Append(markup);

    /// <summary>Writes a text: markup characters as entities; what no page may hold, or what turns the reading direction, as U+FFFD.</summary>
    internal void Escaped(string text)
    {
        int written = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (++written > MostCharacters)
            {
                _text.Append('…');
                return;
            }
            switch (rune.Value)
            {
                case '&': _text.Append("&amp;"); break;
                case '<': _text.Append("&lt;"); break;
                case '>': _text.Append("&gt;"); break;
                case '"': _text.Append("&quot;"); break;
                case '\'': _text.Append("&#39;"); break;
                default: _text.Append(IsHarmless(rune.Value) ? rune.ToString() : "\uFFFD"); break;
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    // XML 1.0, section 2.2, without the C1 controls; UAX 9, section 2, for the characters that override direction.
    private static bool IsHarmless(int character) =>
        character is '\t' or '\n' or '\r' or (>= 0x20 and < 0x7F) or >= 0xA0
        and not (>= 0x202A and <= 0x202E) and not (>= 0x2066 and <= 0x2069) and not 0xFFFE and not 0xFFFF;
}
