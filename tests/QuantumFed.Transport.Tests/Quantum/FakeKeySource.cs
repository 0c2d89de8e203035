using QuantumFed.Protocol;

namespace QuantumFed.Transport.Tests;

/// <summary>A key manager that fails as a test says: the i-th request for a key by the i-th failure (null: a key), all later ones by the last.</summary>
internal sealed class FakeKeySource(params LinkFailure?[] failures) : IQuantumKeySource
{
    /// <summary>How many requests for keys came.</summary>
    public int Obtained { get; private set; }

    /// <summary>How many requests for the status came.</summary>
    public int StatusReads { get; private set; }

    /// <summary>What the status says; null to fail.</summary>
    public long? Stored { get; set; } = 0;

    /// <summary>Which request for a key, counted from 0, is never answered.</summary>
    public int? SilentAt { get; set; }

    /// <summary>Whether the status is never answered.</summary>
    public bool SilentStatus { get; set; }

    public async Task<QuantumKeyStatus> ReadStatusAsync(MemberId slave, CancellationToken cancellationToken)
    {
        StatusReads++;
        if (SilentStatus)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        return Stored is { } stored
            ? new QuantumKeyStatus("a", "b", Consortium.MemberName, slave, 256, stored, 100)
            : throw new QuantumKeyException(LinkFailure.Unreachable, "no status");
    }

    public async Task<QuantumKey> ObtainAsync(MemberId slave, CancellationToken cancellationToken)
    {
        Assert.Equal(Consortium.CoordinatorName, slave);
        cancellationToken.ThrowIfCancellationRequested();
        int request = Obtained++;
        if (request == SilentAt)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        return failures[Math.Min(request, failures.Length - 1)] is { } failure
            ? throw new QuantumKeyException(failure, "no key")
            : QuantumKey.Create(FakeKeyManager.NewId(), new byte[32]);
    }

    public Task<QuantumKey> RetrieveAsync(MemberId master, QuantumKeyId id, CancellationToken cancellationToken) => throw new NotSupportedException();
}
