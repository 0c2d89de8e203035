using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>How a closed round ended: <see cref="Completed"/> or <see cref="Failed"/>.</summary>
/// <param name="Transcript">Everything a replay needs.</param>
/// <param name="Finalization">The coordinator's signed word, for the ledger.</param>
public abstract record RoundCompletion(RoundTranscript Transcript, SignedMessage Finalization)
{
    /// <summary>The sum decoded and led to a model.</summary>
    /// <param name="Transcript">Everything a replay needs.</param>
    /// <param name="Finalization">The coordinator's signed word, for the ledger.</param>
    /// <param name="Model">The next model.</param>
    /// <param name="Disagreeing">
    /// Committee members whose key sum shares contradict those the sum was opened from. Somebody lied then: one of these, or of the others.
    /// </param>
    /// <param name="Liars">Those of them that are certain to have lied, if at most f members are malicious (<see cref="OpenedSum.Liars"/>).</param>
    public sealed record Completed(
        RoundTranscript Transcript, SignedMessage Finalization, ModelState Model, IReadOnlyList<MemberId> Disagreeing, IReadOnlyList<MemberId> Liars)
        : RoundCompletion(Transcript, Finalization);

    /// <summary>The sum did not decode, or determined no model: it counts as opened and the model stays.</summary>
    /// <param name="Transcript">Everything a replay needs.</param>
    /// <param name="Finalization">The coordinator's signed word, for the ledger.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Failed(RoundTranscript Transcript, SignedMessage Finalization, string Reason)
        : RoundCompletion(Transcript, Finalization);
}
