using System.Diagnostics.CodeAnalysis;
using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>A plan that was checked, with what is derived from it. Every rule of a round takes one, so none checks the plan again.</summary>
public sealed class RoundContext
{
    private RoundContext(
        ConsortiumAgreement agreement, SignedMessage message, RoundPlan plan, IReadOnlyDictionary<ushort, RoundEncapsulationKey> roundKeys,
        KaheParameters parameters)
    {
        Agreement = agreement;
        Message = message;
        Plan = plan;
        PlanDigest = message.BodyDigest;
        RoundKeys = roundKeys;
        Parameters = parameters;
        Sharing = SharingParameters.Create(agreement.Members.Count, agreement.Threshold);
        Blocks = parameters.BlocksFor((int)plan.ValueCount);
    }

    /// <summary>The agreement.</summary>
    public ConsortiumAgreement Agreement { get; }

    /// <summary>The plan as the coordinator signed it.</summary>
    public SignedMessage Message { get; }

    /// <summary>The plan.</summary>
    public RoundPlan Plan { get; }

    /// <summary>Digest of the plan's body, as on the ledger.</summary>
    public Digest PlanDigest { get; }

    /// <summary>The committee's keys of this round, by point.</summary>
    public IReadOnlyDictionary<ushort, RoundEncapsulationKey> RoundKeys { get; }

    /// <summary>Ring, packing and noise bound.</summary>
    public KaheParameters Parameters { get; }

    /// <summary>Committee size and threshold.</summary>
    public SharingParameters Sharing { get; }

    /// <summary>Ring elements of one update.</summary>
    public int Blocks { get; }

    /// <summary>
    /// Checks a plan against the agreement and the model that the caller replayed itself. <paramref name="objects"/> must hold the
    /// signed round keys that the plan names.
    /// </summary>
    public static bool TryCreate(
        ConsortiumAgreement agreement, SignedMessage message, IObjectSource objects, RoundPurpose purpose, Digest previousModel,
        [NotNullWhen(true)] out RoundContext? context, [NotNullWhen(false)] out string? failure)
    {
        context = null;
        if (message.Signer != agreement.Coordinator.Id || !message.TryOpen(agreement.Coordinator.Key, out RoundPlan? plan))
            return Refuse("The plan is not signed by the coordinator.", out failure);
        if (plan.Federation != agreement.Federation || plan.ChainId != agreement.Ledger.ChainId
            || plan.Contract != agreement.Ledger.Rounds || plan.Agreement != agreement.Digest)
            return Refuse("The plan is for another federation, ledger or agreement.", out failure);
        if (plan.Purpose != purpose || plan.PreviousModel != previousModel)
            return Refuse("The plan does not continue from the model that the previous rounds lead to.", out failure);
        if (plan.MinParticipants < agreement.MinParticipants || plan.MinParticipants > agreement.Members.Count)
            return Refuse($"The plan would open a sum of {plan.MinParticipants} members; the agreement asks for {agreement.MinParticipants}.", out failure);
        if (plan.Parties != agreement.Members.Count || plan.BitsPerValue != RoundTask.BitsPerValue(agreement.Task, purpose)
            || plan.ValueCount != RoundTask.ValueCount(agreement.Task, purpose))
            return Refuse("The plan's lattice parameters are not the task's.", out failure);
        if (!TryReadCommittee(agreement, plan, objects, out Dictionary<ushort, RoundEncapsulationKey>? keys, out failure))
            return false;
        context = new RoundContext(agreement, message, plan, keys, KaheParameters.For(plan.Parties, plan.BitsPerValue, (int)plan.ValueCount));
        return true;
    }

    /// <summary>
    /// The seed of the round's public elements: SHA-256 over a domain tag, chain, contract, federation, round, the plan (and with it all
    /// parameters) and the hash of the block before openRound's, which nobody knew when the plan was made.
    /// </summary>
    public Digest SeedFrom(Digest seedBlock) => Digest.Of(new CanonicalWriter()
        .Text("QuantumFed public elements v1").UInt64(Plan.ChainId).Bytes(Plan.Contract.ToArray()).Digest(Plan.Federation.Value)
        .UInt64(Plan.Round.Value).Digest(PlanDigest).Digest(seedBlock).ToArray());

    /// <summary>The associated data that a share is sealed with: it opens only in this round, from this dealer, for this receiver.</summary>
    public byte[] ShareContext(MemberId dealer, ushort receiver) => new CanonicalWriter()
        .Text("QuantumFed sealed share v1").UInt64(Plan.ChainId).Bytes(Plan.Contract.ToArray()).Digest(Plan.Federation.Value)
        .UInt64(Plan.Round.Value).Digest(PlanDigest).Member(dealer).UInt16(receiver).ToArray();

    /// <summary>
    /// The challenge of the degree check: a hash over all commitments, so no dealer knows it before it has committed to its shares.
    /// </summary>
    public Digest ChallengeFrom(IReadOnlyDictionary<MemberId, Digest> commitments) => Digest.Of(new CanonicalWriter()
        .Text("QuantumFed share challenge v1").Digest(PlanDigest)
        .List([.. commitments.OrderBy(pair => pair.Key)], (writer, pair) => writer.Member(pair.Key).Digest(pair.Value)).ToArray());

    /// <summary>The committee member at a point, or null where no seat was taken.</summary>
    public MemberId? MemberAt(ushort receiver) => Plan.Committee.FirstOrDefault(seat => seat.Receiver == receiver)?.Member;

    private static bool TryReadCommittee(
        ConsortiumAgreement agreement, RoundPlan plan, IObjectSource objects,
        [NotNullWhen(true)] out Dictionary<ushort, RoundEncapsulationKey>? keys, [NotNullWhen(false)] out string? failure)
    {
        keys = null;
        failure = null;
        if (plan.Committee.Count < agreement.Threshold)
            return Refuse($"The committee has {plan.Committee.Count} members; {agreement.Threshold} are needed to open anything.", out failure);
        var read = new Dictionary<ushort, RoundEncapsulationKey>();
        foreach (CommitteeSeat seat in plan.Committee)
        {
            if (agreement.Find(seat.Member) is not { Suspended: false } member || agreement.ReceiverOf(seat.Member) != seat.Receiver)
                return Refuse($"'{seat.Member}' does not sit at point {seat.Receiver} of the committee.", out failure);
            if (!objects.TryRead(seat.RoundKey, out byte[]? data) || !SignedMessage.TryParse(data, out SignedMessage? message)
                || !RoundPlanning.TryOpenRoundKey(agreement, plan.Round, message, out RoundEncapsulationKey? key)
                || message.Signer != member.Id)
                return Refuse($"The round key of '{seat.Member}' is missing or not signed by it for this round.", out failure);
            read.Add(seat.Receiver, key);
        }
        keys = read;
        return true;
    }

    private static bool Refuse(string reason, out string? failure)
    {
        failure = reason;
        return false;
    }
}
