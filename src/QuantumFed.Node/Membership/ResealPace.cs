namespace QuantumFed.Node;

/// <summary>
/// How long a member waits before it takes one more key of its quantum link for the same round. An upload that is cut or refused has used its key up: whoever does
/// that to each one would otherwise empty the pool at a key a second.
/// </summary>
internal static class ResealPace
{
    private const int Longest = 16;

    /// <summary>The wait after so many keys: none before the first, then 1, 2, 4 ... 16 seconds.</summary>
    public static TimeSpan After(int keys) => TimeSpan.FromSeconds(keys == 0 ? 0 : keys > 5 ? Longest : 1 << (keys - 1));
}
