using System.Collections.Immutable;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>The registry as verified blocks have it, and when each version of it began. Immutable.</summary>
public sealed class OfflineRegistry
{
    private readonly ImmutableArray<int> _starts;
    private readonly IReadOnlyDictionary<Digest, byte[]> _signatures;

    internal OfflineRegistry(RegistryHistory history, ImmutableArray<int> starts, IReadOnlyDictionary<Digest, byte[]> signatures) =>
        (History, _starts, _signatures) = (history, starts, signatures);

    /// <summary>The whole history, the same that a live node gives.</summary>
    public RegistryHistory History { get; }

    /// <summary>The ML-DSA signature that a proposal's or a vote's transaction carries.</summary>
    public ReadOnlyMemory<byte> SignatureOf(LedgerStep step) => _signatures[step.TransactionHash];

    /// <summary>The version in which a transaction found the registry.</summary>
    /// <param name="transaction">The transaction's index among all of the chain's.</param>
    internal RegistryState StateAt(int transaction)
    {
        int version = _starts.BinarySearch(transaction);
        return History.Versions[Math.Max(0, version >= 0 ? version : ~version - 1)];
    }
}
