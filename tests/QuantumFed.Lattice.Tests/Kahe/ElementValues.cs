namespace QuantumFed.Lattice.Tests;

/// <summary>The values of a public element, without a drawing at hand.</summary>
internal static class ElementValues
{
    internal static double[] Values(this PublicElements elements, int block)
    {
        using var drawing = new ElementDrawing(elements.Set);
        return elements.Block(block, drawing).ToArray();
    }
}
