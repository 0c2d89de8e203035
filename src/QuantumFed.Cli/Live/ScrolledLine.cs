using Spectre.Console;
using Spectre.Console.Rendering;

namespace QuantumFed.Cli;

/// <summary>A line that goes above the live view and stays: it clears what the view had drawn there first.</summary>
internal sealed class ScrolledLine(string text) : Renderable
{
    private const string EraseBelow = "\u001b[J";

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        yield return Segment.Control(EraseBelow);
        yield return new Segment(text);
        yield return Segment.LineBreak;
    }
}
