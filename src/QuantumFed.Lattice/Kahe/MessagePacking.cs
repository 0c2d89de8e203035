namespace QuantumFed.Lattice;

/// <summary>How a block's values lie in its coefficients: reserved zeros, the count, then L lanes of w bits to a coefficient.</summary>
internal static class MessagePacking
{
    /// <summary>Writes one block's message over <paramref name="coefficients"/>, which are zero. Loops and shifts depend on lengths only.</summary>
    internal static void Pack(KaheParameters parameters, ReadOnlySpan<uint> values, Span<ulong> coefficients)
    {
        int lanes = parameters.Lanes, width = parameters.LaneWidth;
        coefficients[parameters.CountCoefficient] = 1;
        Span<ulong> slots = coefficients[parameters.FirstValueCoefficient..];
        int whole = values.Length / lanes;
        for (int slot = 0; slot < whole; slot++)
        {
            ReadOnlySpan<uint> group = values.Slice(slot * lanes, lanes);
            ulong packed = 0;
            for (int lane = 0; lane < group.Length; lane++)
                packed |= (ulong)group[lane] << (lane * width);
            slots[slot] = packed;
        }
        for (int i = whole * lanes; i < values.Length; i++)
            slots[whole] |= (ulong)values[i] << (i % lanes * width);
    }

    /// <summary>Reads the lanes of one block's summed message, the unused ones at the end included.</summary>
    internal static ulong Lane(KaheParameters parameters, ulong coefficient, int lane) =>
        (coefficient >> (lane * parameters.LaneWidth)) & ((1UL << parameters.LaneWidth) - 1);
}
