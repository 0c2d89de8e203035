using QuantumFed.Lattice;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>A coordinator that plans a round which the agreement does not permit.</summary>
public sealed class PlanTests : IDisposable
{
    private readonly Hospitals _hospitals = new();
    private readonly RoundPlay _play;

    public PlanTests() => _play = new RoundPlay(_hospitals, new RoundId(3), _hospitals.InitialModel);

    private RoundPlan Plan => _play.Context.Plan;

    [Fact]
    public void The_plan_as_made_is_accepted() => Assert.Null(Failure(Plan));

    [Fact]
    public void A_plan_of_another_federation_chain_contract_or_agreement_is_refused()
    {
        const string Sentence = "another federation, ledger or agreement";
        AssertRefused(Sentence, Plan with { Federation = new FederationId(Digest.Of("another"u8)) });
        AssertRefused(Sentence, Plan with { ChainId = 1 });
        AssertRefused(Sentence, Plan with { Contract = _hospitals.Agreement.Ledger.Registry });
        AssertRefused(Sentence, Plan with { Agreement = Digest.Of("another"u8) });
    }

    [Fact]
    public void A_plan_on_a_model_that_one_did_not_replay_is_refused()
    {
        const string Sentence = "does not continue from the model";
        AssertRefused(Sentence, Plan with { PreviousModel = Digest.Of("a crafted model"u8) });
        AssertRefused(Sentence, Plan with { Purpose = RoundPurpose.NewtonStep });
    }

    [Fact]
    public void A_plan_that_would_open_a_smaller_sum_is_refused()
    {
        foreach (ushort few in new ushort[] { 0, 1, 2, 5, ushort.MaxValue })
            AssertRefused($"a sum of {few} members", Plan with { MinParticipants = few });
        Assert.Null(Failure(Plan with { MinParticipants = 4 }));
    }

    [Fact]
    public void A_plan_with_other_lattice_parameters_is_refused()
    {
        const string Sentence = "lattice parameters are not the task's";
        AssertRefused(Sentence, Plan with { Parties = 3 });
        AssertRefused(Sentence, Plan with { Parties = 5 });
        AssertRefused(Sentence, Plan with { Parties = 0 });
        AssertRefused(Sentence, Plan with { BitsPerValue = 25 });
        AssertRefused(Sentence, Plan with { ValueCount = Plan.ValueCount + 1 });
        AssertRefused(Sentence, Plan with { ValueCount = uint.MaxValue });
    }

    [Fact]
    public void A_committee_below_the_threshold_or_at_other_points_is_refused()
    {
        AssertRefused("2 members; 3 are needed", Plan with { Committee = [.. Plan.Committee.Take(2)] });
        CommitteeSeat[] seats = [.. Plan.Committee];
        AssertRefused(
            "does not sit at point", Plan with { Committee = [seats[0] with { Member = seats[1].Member }, seats[1] with { Member = seats[0].Member }, seats[2]] });
        AssertRefused("does not sit at point", Plan with { Committee = [.. seats, new CommitteeSeat(5, MemberId.Parse("zorro"), seats[0].RoundKey)] });
        AssertRefused("does not sit at point", Plan with { Committee = [.. seats, new CommitteeSeat(9, seats[0].Member, seats[0].RoundKey)] });
    }

    [Fact]
    public void A_round_key_that_the_seats_member_did_not_sign_for_this_round_is_refused()
    {
        MemberId member = _hospitals[0], other = _hospitals[1];
        using RoundKeyPair key = RoundKeyPair.Generate();
        FederationId federation = _hospitals.Agreement.Federation;
        byte[] encoded = key.EncapsulationKey.ToBytes();
        var record = new RoundKey(federation, new RoundId(3), encoded);
        SignedMessage[] foreign =
        [
            SignedMessage.Sign(record, other, _hospitals.KeyOf(other)),
            SignedMessage.Sign(record, member, _hospitals.KeyOf(other)),
            SignedMessage.Sign(record, member, _hospitals.CoordinatorKey),
            SignedMessage.Sign(record with { Round = new RoundId(2) }, member, _hospitals.KeyOf(member)),
            SignedMessage.Sign(record with { Federation = new FederationId(default) }, member, _hospitals.KeyOf(member)),
            SignedMessage.Sign(record with { EncapsulationKey = encoded.AsMemory(1) }, member, _hospitals.KeyOf(member)),
            SignedMessage.Sign(record with { EncapsulationKey = new byte[encoded.Length] }, member, _hospitals.KeyOf(member)),
        ];
        foreach (SignedMessage message in foreign)
            AssertRefused("missing or not signed by it for this round", WithKey(_hospitals.Objects.Put(message.ToArray())));
        AssertRefused("missing or not signed by it for this round", WithKey(Digest.Of("nothing"u8)));
        AssertRefused("missing or not signed by it for this round", WithKey(_hospitals.Objects.Put([1, 2, 3])));
        Assert.Null(Failure(WithKey(_hospitals.Objects.Put(SignedMessage.Sign(record, member, _hospitals.KeyOf(member)).ToArray()))));
    }

    [Fact]
    public void A_plan_that_the_coordinator_did_not_sign_is_refused()
    {
        Assert.Contains("not signed by the coordinator", Failure(SignedMessage.Sign(Plan, _hospitals[0], _hospitals.KeyOf(_hospitals[0]))), StringComparison.Ordinal);
        Assert.Contains(
            "not signed by the coordinator",
            Failure(SignedMessage.Sign(Plan, _hospitals.Agreement.Coordinator.Id, _hospitals.KeyOf(_hospitals[0]))), StringComparison.Ordinal);
        AssertRefused("not signed by the coordinator", Plan with { Committee = [Plan.Committee[0], .. Plan.Committee] });
    }

    [Fact]
    public void Everything_a_round_is_keyed_by_changes_the_seed_and_the_share_context()
    {
        RoundPlan[] plans = [Plan, Plan with { CommitDeadline = 1 }, Plan with { MinParticipants = 4 }];
        RoundContext[] contexts = [.. plans.Select(plan => Assert.IsType<RoundContext>(Create(plan)))];
        Digest block = Digest.Of("block"u8);
        Assert.Equal(contexts.Length, contexts.Select(context => context.SeedFrom(block)).Distinct().Count());
        Assert.NotEqual(contexts[0].SeedFrom(block), contexts[0].SeedFrom(Digest.Of("another block"u8)));
        string[] associated = [.. contexts.SelectMany(context => _hospitals.Members.SelectMany(dealer =>
            Enumerable.Range(1, 4).Select(receiver => Convert.ToHexString(context.ShareContext(dealer, (ushort)receiver)))))];
        Assert.Equal(associated.Length, associated.Distinct().Count());
        var commitments = new Dictionary<MemberId, Digest> { [_hospitals[0]] = block, [_hospitals[1]] = default };
        var reordered = new Dictionary<MemberId, Digest> { [_hospitals[1]] = default, [_hospitals[0]] = block };
        Assert.Equal(contexts[0].ChallengeFrom(commitments), contexts[0].ChallengeFrom(reordered));
        Assert.NotEqual(contexts[0].ChallengeFrom(commitments), contexts[1].ChallengeFrom(commitments));
        reordered[_hospitals[2]] = default;
        Assert.NotEqual(contexts[0].ChallengeFrom(commitments), contexts[0].ChallengeFrom(reordered));
    }

    public void Dispose()
    {
        _play.Dispose();
        _hospitals.Dispose();
    }

    private RoundPlan WithKey(Digest key) => Plan with { Committee = [Plan.Committee[0] with { RoundKey = key }, .. Plan.Committee.Skip(1)] };

    private SignedMessage Sign(RoundPlan plan) => SignedMessage.Sign(plan, _hospitals.Agreement.Coordinator.Id, _hospitals.CoordinatorKey);

    private string? Failure(RoundPlan plan) => Failure(Sign(plan));

    private string? Failure(SignedMessage plan) => RoundContext.TryCreate(
        _hospitals.Agreement, plan, _hospitals.Objects, RoundPurpose.Moments, Digest.Of(_hospitals.InitialModel.ToCanonicalBytes()),
        out _, out string? failure) ? null : failure;

    private RoundContext? Create(RoundPlan plan) => RoundContext.TryCreate(
        _hospitals.Agreement, Sign(plan), _hospitals.Objects, RoundPurpose.Moments, Digest.Of(_hospitals.InitialModel.ToCanonicalBytes()),
        out RoundContext? context, out _) ? context : null;

    private void AssertRefused(string sentence, RoundPlan plan) => Assert.Contains(sentence, Failure(plan), StringComparison.Ordinal);
}
