using System.Runtime.CompilerServices;

namespace QuantumFed.Qkd;

/// <summary>Draws one of 16 outcomes by one number and one comparison (Walker 1977; Vose 1991).</summary>
/// <remarks>Probabilities are met to within 2^-60.</remarks>
internal sealed class AliasTable
{
    internal const int Slots = 16;

    private const int SlotBits = 4;
    private const double Scale = 1UL << (64 - SlotBits);

    private readonly ulong[] _thresholds = new ulong[Slots];
    private readonly byte[] _aliases = new byte[Slots];

    /// <summary>From weights of any sum above 0; outcomes beyond the last weight never come.</summary>
    internal AliasTable(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (double weight in weights)
            sum += weight;
        double[] left = new double[Slots];
        for (int i = 0; i < weights.Length; i++)
            left[i] = weights[i] / sum * Slots;
        var poor = new Stack<int>(Enumerable.Range(0, Slots).Where(i => left[i] < 1));
        var rich = new Stack<int>(Enumerable.Range(0, Slots).Where(i => left[i] >= 1));
        while (poor.Count > 0 && rich.Count > 0)
        {
            int i = poor.Pop(), j = rich.Peek();
            _thresholds[i] = (ulong)(left[i] * Scale);
            _aliases[i] = (byte)j;
            left[j] -= 1 - left[i];
            if (left[j] < 1)
                poor.Push(rich.Pop());
        }
        // What rounding left over is full.
        foreach (int i in poor.Concat(rich))
        {
            _thresholds[i] = ulong.MaxValue;
            _aliases[i] = (byte)i;
        }
    }

    /// <summary>The outcome for a uniform number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Draw(ulong uniform)
    {
        int slot = (int)(uniform & (Slots - 1));
        return (uniform >> SlotBits) < _thresholds[slot] ? slot : _aliases[slot];
    }
}
