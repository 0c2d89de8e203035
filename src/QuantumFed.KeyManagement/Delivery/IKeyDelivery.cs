using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>
/// A key manager's keys, as its applications (SAEs) take them: whoever obtains a key gets a fresh one, and everybody it is granted to retrieves
/// it once by its id, at the key manager of the other end. Every call delivers all that was asked for or nothing. Thread safe.
/// </summary>
public interface IKeyDelivery
{
    /// <summary>What waits and how the link is.</summary>
    KeyPoolStatus Status { get; }

    /// <summary>Takes fresh keys from the pool and grants them to the slaves.</summary>
    /// <param name="master">Who asks; an application of this end.</param>
    /// <param name="slaves">Who may retrieve them at the other end; at least one, all different, applications of that end.</param>
    /// <param name="number">How many keys, at least 1.</param>
    /// <param name="sizeInBits">The size of each, a positive multiple of 8.</param>
    /// <param name="cancellation">Gives up; a key that was taken meanwhile is lost, never delivered to another.</param>
    /// <exception cref="KeyDeliveryException">There are not so many, or the other end is away.</exception>
    Task<IReadOnlyList<DeliveredKey>> ObtainAsync(
        MemberId master, IReadOnlyList<MemberId> slaves, int number, int sizeInBits, CancellationToken cancellation);

    /// <summary>Takes keys that a master at the other end obtained, in the order asked for.</summary>
    /// <param name="slave">Who asks; an application of this end.</param>
    /// <param name="master">Who obtained them.</param>
    /// <param name="ids">Their ids, at least one, all different.</param>
    /// <param name="cancellation">Gives up before anything is taken.</param>
    /// <exception cref="KeyDeliveryException">One of them is unknown, used, or not granted; none was taken.</exception>
    Task<IReadOnlyList<DeliveredKey>> RetrieveAsync(
        MemberId slave, MemberId master, IReadOnlyList<QuantumKeyId> ids, CancellationToken cancellation);
}
