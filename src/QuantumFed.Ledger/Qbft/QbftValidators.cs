using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>The validators of a QBFT network, ascending and distinct, from none to <see cref="MaxCount"/>. Immutable.</summary>
public sealed class QbftValidators
{
    /// <summary>The most validators read: far more than can agree within a block period, and few enough to check every seal of a hostile block.</summary>
    public const int MaxCount = 1024;

    private QbftValidators(ImmutableArray<EthereumAddress> ascending) => Ascending = ascending;

    /// <summary>The validators.</summary>
    public ImmutableArray<EthereumAddress> Ascending { get; }

    /// <summary>How many validators there are (N).</summary>
    public int Count => Ascending.Length;

    /// <summary>The distinct validators a block needs seals of: ceil(2N/3).</summary>
    public int Quorum => (2 * Count + 2) / 3;

    /// <summary>How many validators may fail or lie without stopping or splitting the chain: floor((N - 1)/3); 0 below four.</summary>
    public int ToleratedFaults => Count == 0 ? 0 : (Count - 1) / 3;

    /// <summary>Sorts the validators.</summary>
    /// <exception cref="ArgumentException">Two are the same, or there are more than <see cref="MaxCount"/>.</exception>
    public static QbftValidators Create(IEnumerable<EthereumAddress> validators) =>
        TryOfAscending([.. validators.Order()], out QbftValidators? set)
            ? set
            : throw new ArgumentException($"Validators are distinct, and at most {MaxCount}.", nameof(validators));

    /// <summary>Whether the account is a validator.</summary>
    public bool Contains(EthereumAddress account) => Ascending.BinarySearch(account) >= 0;

    internal static bool TryOfAscending(ImmutableArray<EthereumAddress> ascending, [NotNullWhen(true)] out QbftValidators? validators)
    {
        validators = null;
        if (ascending.Length > MaxCount)
            return false;
        for (int i = 1; i < ascending.Length; i++)
        {
            if (ascending[i - 1] >= ascending[i])
                return false;
        }
        validators = new QbftValidators(ascending);
        return true;
    }
}
