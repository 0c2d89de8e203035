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
    /// Committee members whose key sum shares contradict those the sum was opened from. Who of the two sides lied is certain only where M is at least t + 2f.
    /// </param>
    public sealed record Completed(
        RoundTranscript Transcript, SignedMessage Finalization, ModelState Model, IReadOnlyList<MemberId> Disagreeing)
        : RoundCompletion(Transcript, Finalization);

    /// <summary>The sum did not decode, or determined no model: it counts as opened and the model stays.</summary>
    /// <param name="Transcript">Everything a replay needs.</param>
    /// <param name="Finalization">The coordinator's signed word, for the ledger.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Failed(RoundTranscript Transcript, SignedMessage Finalization, string Reason)
        : RoundCompletion(Transcript, Finalization);
}
