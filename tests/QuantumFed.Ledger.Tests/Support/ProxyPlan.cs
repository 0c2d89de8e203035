namespace QuantumFed.Ledger.Tests;

/// <summary>Which fault befalls which request: given the methods asked for and how many requests there were before.</summary>
internal static class ProxyPlan
{
    /// <summary>The faults that a client should not notice, at random: every request's lot is drawn by the seed and its number.</summary>
    public static Func<IReadOnlyList<string>, int, ProxyFault> Random(int seed, double rate, params ProxyFault[] faults)
    {
        Random random = new(seed);
        Lock @lock = new();
        return (_, _) =>
        {
            lock (@lock)
                return random.NextDouble() < rate ? faults[random.Next(faults.Length)] : ProxyFault.None;
        };
    }

    /// <summary>One fault for the first requests that ask for a method.</summary>
    public static Func<IReadOnlyList<string>, int, ProxyFault> First(string method, int times, ProxyFault fault)
    {
        int seen = 0;
        return (methods, _) => methods.Contains(method) && Interlocked.Increment(ref seen) <= times ? fault : ProxyFault.None;
    }
}
