using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>
/// The context that an update's payload seal is bound to. Sender and recipient stand in it by their record keys, which the agreement
/// fixes for the federation's life, and not by their TLS certificates, which are renewed (docs/decisions/0004).
/// </summary>
internal static class PayloadContexts
{
    public static PayloadContext Of(ConsortiumAgreement agreement, RoundId round, AgreedMember sender, Digest commitment) => PayloadContext.Create(
        agreement.Federation, round, commitment.ToArray(), KeyHash(sender.Key), KeyHash(agreement.Coordinator.Key),
        PayloadContext.PolicyHash(sender.Link), sender.Link is null ? "" : sender.Id.Name, sender.Link is null ? "" : agreement.Coordinator.Id.Name);

    private static Sha384Digest KeyHash(VerificationKey key) => Sha384Digest.Of(key.ToArray());
}
