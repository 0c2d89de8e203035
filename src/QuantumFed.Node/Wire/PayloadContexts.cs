using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.Node;

/// <summary>
/// The context that an update's payload seal is bound to. Sender and recipient stand in it by their record keys, which the agreement
/// fixes for the federation's life, and not by their TLS certificates, which are renewed (docs/decisions/0004).
/// </summary>
internal static class PayloadContexts
{
    // The policy of links without a quantum key source: ML-KEM only.
    private static readonly Sha384Digest Policy = Sha384Digest.Of("QuantumFed link policy v1: pq-only"u8);

    public static PayloadContext Of(ConsortiumAgreement agreement, RoundId round, MemberId sender, Digest commitment) => PayloadContext.Create(
        agreement.Federation, round, commitment.ToArray(), KeyHash(agreement.KeyOf(sender)!), KeyHash(agreement.Coordinator.Key), Policy);

    private static Sha384Digest KeyHash(VerificationKey key) => Sha384Digest.Of(key.ToArray());
}
