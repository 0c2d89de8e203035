using System.Diagnostics.CodeAnalysis;
using QuantumFed.Lattice;
using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>Making a plan from the agreement, the model and the committee's keys.</summary>
public static class RoundPlanning
{
    /// <summary>Checks that a message is a member's key for this round, and reads it.</summary>
    public static bool TryOpenRoundKey(
        ConsortiumAgreement agreement, RoundId round, SignedMessage message, [NotNullWhen(true)] out RoundEncapsulationKey? key)
    {
        key = null;
        return agreement.Find(message.Signer) is { Suspended: false } member
            && message.TryOpen(member.Key, out RoundKey? record)
            && record.Federation == agreement.Federation
            && record.Round == round
            && RoundEncapsulationKey.TryParse(record.EncapsulationKey.Span, out key);
    }

    /// <summary>The plan of a round on <paramref name="model"/>, from the signed round keys of those who answered.</summary>
    public static RoundPlan Create(
        ConsortiumAgreement agreement, RoundId round, ModelState model, IEnumerable<SignedMessage> roundKeys, DateTimeOffset now)
    {
        RoundPurpose purpose = RoundTask.PurposeOf(agreement.Task, model);
        return new RoundPlan
        {
            Federation = agreement.Federation,
            ChainId = agreement.Ledger.ChainId,
            Contract = agreement.Ledger.Rounds,
            Agreement = agreement.Digest,
            Round = round,
            Purpose = purpose,
            PreviousModel = Digest.Of(model.ToCanonicalBytes()),
            Parties = (ushort)agreement.Members.Count,
            BitsPerValue = RoundTask.BitsPerValue(agreement.Task, purpose),
            ValueCount = (uint)RoundTask.ValueCount(agreement.Task, purpose),
            MinParticipants = (ushort)agreement.MinParticipants,
            CommitDeadline = (ulong)(now + agreement.CommitTime).ToUnixTimeSeconds(),
            Committee = [.. roundKeys
                .Select(key => new CommitteeSeat(agreement.ReceiverOf(key.Signer), key.Signer, key.Digest))
                .OrderBy(seat => seat.Receiver)],
        };
    }
}
