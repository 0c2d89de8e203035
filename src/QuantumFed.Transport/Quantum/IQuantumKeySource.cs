using QuantumFed.Protocol;

namespace QuantumFed.Transport;

/// <summary>
/// A party's access to its own key manager, where keys of its quantum links wait (ETSI GS QKD 014). Names at key managers (SAE ids) are
/// the parties' names. An implementation is safe for many calls at once and tries each once: whether and when to try again is the caller's policy.
/// </summary>
/// <remarks>
/// Every method throws <see cref="QuantumKeyException"/> when there is no such key or answer, and
/// <see cref="OperationCanceledException"/> when its token is cancelled, without waiting for the key manager.
/// </remarks>
public interface IQuantumKeySource
{
    /// <summary>What waits on the link to <paramref name="slave"/>. Takes nothing.</summary>
    Task<QuantumKeyStatus> ReadStatusAsync(MemberId slave, CancellationToken cancellationToken);

    /// <summary>Takes one fresh key of at least 256 bits that <paramref name="slave"/> can retrieve by its id.</summary>
    Task<QuantumKey> ObtainAsync(MemberId slave, CancellationToken cancellationToken);

    /// <summary>Takes this end's copy of the key that <paramref name="master"/> obtained under <paramref name="id"/>. It is given out once.</summary>
    Task<QuantumKey> RetrieveAsync(MemberId master, QuantumKeyId id, CancellationToken cancellationToken);
}
