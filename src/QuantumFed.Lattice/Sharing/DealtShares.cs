namespace QuantumFed.Lattice;

/// <summary>One dealer's shares, one for each committee member; erased on dispose.</summary>
public sealed class DealtShares : IDisposable
{
    private readonly SecretShare[] _shares;

    internal DealtShares(SecretShare[] shares) => _shares = shares;

    /// <summary>M.</summary>
    public int Count => _shares.Length;

    /// <summary>The share of a receiver, 1 to M. It belongs to this object, which disposes it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such receiver.</exception>
    public SecretShare this[int receiver]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(receiver);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(receiver, _shares.Length);
            return _shares[receiver - 1];
        }
    }

    /// <summary>Erases all shares.</summary>
    public void Dispose()
    {
        foreach (SecretShare share in _shares)
            share.Dispose();
    }
}
