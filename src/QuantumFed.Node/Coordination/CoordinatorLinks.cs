using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>The coordinator's ends of the members' quantum links: its floor for each, and the keys that seals name.</summary>
/// <param name="sources">By member with a link, the coordinator's key manager at its end.</param>
/// <param name="requireQuantumKeys">The coordinator's own floor, above what a policy may allow.</param>
internal sealed class CoordinatorLinks(IReadOnlyDictionary<MemberId, IQuantumKeySource> sources, bool requireQuantumKeys)
{
    // A key manager that does not answer by then does not answer: the member keeps its update and comes again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The least that is taken of a member.</summary>
    public PayloadFloor FloorOf(AgreedMember member) =>
        member.Link is not null && requireQuantumKeys ? PayloadFloor.QuantumKey : QuantumKeyPolicy.FloorOf(member.Link);

    /// <summary>The key that a seal names, or null if it names none.</summary>
    /// <exception cref="QuantumKeyException">The key manager does not give it.</exception>
    public async Task<QuantumKey?> KeyOfAsync(AgreedMember member, SealHeader header, TimeProvider time, CancellationToken cancellation)
    {
        // More than one is refused by the opener; none of them is fetched.
        if (header.KeyIds is not [QuantumKeyId id])
            return null;
        if (!sources.TryGetValue(member.Id, out IQuantumKeySource? source))
            throw new QuantumKeyException(LinkFailure.Refused, $"'{member.Id}' has no quantum link, but its seal names a key of one.");
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await source.RetrieveAsync(member.Id, id, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new QuantumKeyException(LinkFailure.Unreachable, $"The key manager of the link to '{member.Id}' did not answer within {Patience.TotalSeconds} s.");
        }
    }
}
