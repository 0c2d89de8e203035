using QuantumFed.Protocol;

namespace QuantumFed.Ledger;

/// <summary>What a <see cref="LogFollower"/> has to tell: an event, or that blocks were replaced. Closed: these two and no others.</summary>
public abstract record LedgerNews
{
    private protected LedgerNews()
    {
    }
}
