using QuantumFed.Learning;
using QuantumFed.Protocol;

namespace QuantumFed.Federation.Tests;

/// <summary>What a replay finds in a record that was altered, by a stranger or by the coordinator itself, which signs what it alters.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly Hospitals _hospitals = new();
    private readonly RoundPlay _play;
    private readonly RoundCompletion.Completed _completed;

    public ReplayTests()
    {
        _play = new RoundPlay(_hospitals, new RoundId(0), _hospitals.InitialModel);
        _completed = Assert.IsType<RoundCompletion.Completed>(_play.Finish());
    }

    [Fact]
    public void An_honest_round_verifies_and_gives_the_same_bytes_again_and_again()
    {
        for (int run = 0; run < 2; run++)
        {
            ReplayResult replay = _play.Replay(_completed.Finalization);
            Assert.True(replay.Verified);
            Assert.Equal(_completed.Model.ToCanonicalBytes(), replay.Model!.ToCanonicalBytes());
        }
    }

    [Fact]
    public void A_replay_reads_each_object_of_the_transcript_once()
    {
        var reads = new List<Digest>();
        Assert.True(_play.Replay(_completed.Finalization, new CountedReads(_hospitals.Objects, reads)).Verified);
        Assert.Equal(reads.Distinct(), reads);
        Assert.Superset(_completed.Transcript.Objects.Select(item => item.Entry.Digest).ToHashSet(), reads.ToHashSet());
    }

    [Fact]
    public void A_flipped_bit_or_a_missing_object_is_named_whichever_it_is()
    {
        (string Label, Digest Digest, int Length)[] objects =
        [
            .. _completed.Transcript.Objects.Select(item => (item.Entry.Label, item.Entry.Digest, item.Data.Length)),
            ("transcript", Digest.Of(_completed.Transcript.Index.ToArray()), _completed.Transcript.Index.ToArray().Length),
        ];
        Assert.Equal(1 + 4 + 4 + 4 + 4 + 1 + 4 + 1 + 1 + 1 + 1, objects.Length);
        foreach ((string label, Digest digest, int length) in objects)
        {
            foreach (int? position in new int?[] { 0, length / 3, length - 1, null })
                Forgery.AssertFound(label, "missing or altered", _play.Replay(_completed.Finalization, _hospitals.Objects.Damaged(digest, position)));
        }
    }

    [Fact]
    public void An_object_missing_from_the_index_is_named()
    {
        // A key sum that was not needed could be missing, as its member may not have answered; but the metadata counts it.
        string spare = TranscriptLabels.KeySum(_hospitals[3]);
        foreach (string label in _completed.Transcript.Objects.Select(item => item.Entry.Label).ToArray())
        {
            ReplayResult replay = Forged((candidate, data) => candidate == label ? null : data);
            if (label == spare)
                Forgery.AssertFound(TranscriptLabels.Metadata, replay);
            else if (label.StartsWith("key-sum/", StringComparison.Ordinal))
                Forgery.AssertFound(TranscriptLabels.Outcome, "other than a threshold", replay);
            else
                Forgery.AssertFound(label, replay);
        }
    }

    [Fact]
    public void Another_object_under_a_label_is_named()
    {
        byte[] foreign = _completed.Finalization.ToArray();
        foreach (string label in _completed.Transcript.Objects.Select(item => item.Entry.Label).ToArray())
            Forgery.AssertFound(label, Forged((candidate, data) => candidate == label ? foreign : data));
    }

    [Theory]
    [InlineData("ciphertext/")]
    [InlineData("manifest/")]
    [InlineData("share-report/")]
    [InlineData("key-sum/")]
    [InlineData("round-key/")]
    public void Objects_of_two_members_swapped_are_found(string kind)
    {
        (string first, string second) = (kind + _hospitals[0], kind + _hospitals[1]);
        Dictionary<string, byte[]> objects = _completed.Transcript.Objects.ToDictionary(item => item.Entry.Label, item => item.Data);
        ReplayResult replay = Forged((label, data) => label == first ? objects[second] : label == second ? objects[first] : data);
        Assert.False(replay.Verified);
        Assert.Contains(replay.Findings, finding => finding.Subject.EndsWith("/" + _hospitals[0], StringComparison.Ordinal));
    }

    [Fact]
    public void A_label_that_does_not_belong_is_found() =>
        Forgery.AssertFound("note", "does not belong", Forged((_, data) => data, ("note", [1, 2, 3])));

    [Fact]
    public void A_label_of_somebody_outside_the_round_is_found() =>
        Forgery.AssertFound("ciphertext/zorro", "does not belong", Forged((_, data) => data, ("ciphertext/zorro", [1, 2, 3])));

    [Fact]
    public void A_ledger_bound_to_other_signatures_is_found()
    {
        RecordedRound honest = _play.Ledger;
        foreach ((RecordKind kind, MemberId? member) in honest.Signatures.Keys)
        {
            string subject = kind switch
            {
                RecordKind.RoundPlan => TranscriptLabels.Plan,
                RecordKind.RoundClosing => TranscriptLabels.Closing,
                RecordKind.Finalization => "finalization",
                _ => TranscriptLabels.Manifest(member!.Value),
            };
            var altered = new Dictionary<(RecordKind, MemberId?), Digest>(honest.Signatures) { [(kind, member)] = Digest.Of("another"u8) };
            Forgery.AssertFound(subject, "signature", With(honest with { Signatures = altered }));
            altered.Remove((kind, member));
            Forgery.AssertFound(subject, "signature", With(honest with { Signatures = altered }));
        }
    }

    [Fact]
    public void A_ledger_that_records_something_else_is_found()
    {
        RecordedRound honest = _play.Ledger;
        Digest other = Digest.Of("another"u8);
        Forgery.AssertFound("ledger", "not over", With(honest with { Phase = RecordedPhase.Closed }));
        Forgery.AssertFound("finalization", With(honest with { TranscriptRoot = other }));
        Forgery.AssertFound("finalization", With(honest with { Model = other }));
        Forgery.AssertFound("finalization", With(honest with { Plan = other }));
        Forgery.AssertFound(TranscriptLabels.Plan, With(honest with { Round = new RoundId(1) }));
        Forgery.AssertFound(TranscriptLabels.Plan, With(honest with { PreviousModel = other }));
        Forgery.AssertFound(TranscriptLabels.Plan, With(honest with { MinParticipants = 4 }));
        Forgery.AssertFound(TranscriptLabels.Plan, With(honest with { CommitDeadline = 1 }));
        Forgery.AssertFound(TranscriptLabels.Closing, With(honest with { Closing = other }));
        Forgery.AssertFound(TranscriptLabels.Closing, With(honest with { Participants = [.. honest.Participants.Skip(1)] }));
        Forgery.AssertFound(TranscriptLabels.Closing, With(honest with { Exclusions = [new Exclusion(_hospitals[0], ExclusionReason.NotDelivered)] }));
        Forgery.AssertFound(TranscriptLabels.Closing, With(honest with
        {
            Commitments = new Dictionary<MemberId, Digest>(honest.Commitments) { [_hospitals[0]] = other },
        }));
        Forgery.AssertFound(TranscriptLabels.Ciphertext(_hospitals[0]), "seed", With(honest with { SeedBlock = other }));
    }

    [Fact]
    public void Another_previous_model_is_found()
    {
        ModelState crafted = ModelState.From(LogisticModel.Create([1, 2, 3], 0.5));
        ReplayResult replay = RoundReplay.Run(_hospitals.Agreement, _play.Ledger, _completed.Finalization, _hospitals.Objects, crafted);
        Forgery.AssertFound(TranscriptLabels.Plan, "does not continue from the model", replay);
    }

    [Fact]
    public void A_finalisation_that_the_coordinator_did_not_sign_is_found()
    {
        Assert.True(_completed.Finalization.TryReadUnverified(out Finalization? finalization));
        Forgery.AssertFound("finalization", "not signed", _play.Replay(SignedMessage.Sign(finalization, _hospitals[0], _hospitals.KeyOf(_hospitals[0]))));
        Forgery.AssertFound(
            "finalization", "not signed",
            _play.Replay(SignedMessage.Sign(finalization, _hospitals.Agreement.Coordinator.Id, _hospitals.KeyOf(_hospitals[0]))));
    }

    [Fact]
    public void A_model_that_does_not_follow_is_found_though_the_coordinator_signs_it_everywhere()
    {
        byte[] crafted = ModelState.From(LogisticModel.Create([1, 2, 3], 0.5)).ToCanonicalBytes();
        Forgery.AssertFound(TranscriptLabels.Model, "leads to model", Outcome(outcome => outcome with { Model = Digest.Of(crafted) }, crafted));
        Forgery.AssertFound(TranscriptLabels.Model, Outcome(outcome => outcome with { Model = Digest.Of(crafted) }, null));
    }

    [Fact]
    public void An_outcome_that_the_shares_do_not_give_is_found()
    {
        Forgery.AssertFound(TranscriptLabels.Outcome, "other values", Outcome(outcome => outcome with { Sums = [outcome.Sums[0] + 1, .. outcome.Sums.Skip(1)] }));
        Forgery.AssertFound(TranscriptLabels.Outcome, "other values", Outcome(outcome => outcome with { Sums = [.. outcome.Sums.SkipLast(1)] }));
        Forgery.AssertFound(TranscriptLabels.Outcome, "other values", Outcome(outcome => outcome with { Disagreeing = [4] }));
        Forgery.AssertFound(TranscriptLabels.Outcome, "threshold", Outcome(outcome => outcome with { CombinedFrom = [1, 2] }));
        Forgery.AssertFound(TranscriptLabels.Outcome, "threshold", Outcome(outcome => outcome with { CombinedFrom = [1, 2, 9] }));
        Forgery.AssertFound(TranscriptLabels.Outcome, "for this closing", Outcome(outcome => outcome with { Closing = Digest.Of("another"u8) }));
        Assert.True(Outcome(outcome => outcome).Verified);
        // Any t of the shares give the same sum.
        Assert.True(Outcome(outcome => outcome with { CombinedFrom = [1, 3, 4] }).Verified);
    }

    [Fact]
    public void Metadata_of_another_round_are_found()
    {
        byte[] honest = _completed.Transcript.Objects.Single(item => item.Entry.Label == TranscriptLabels.Metadata).Data;
        Assert.True(RoundMetadata.TryParse(honest, out RoundMetadata? told));
        // The coordinator's clock and program are its word.
        Assert.True(With(told with { EndedAt = 1, Software = "another" }).Verified);
        RoundMetadata[] lies =
        [
            told with { Plan = default }, told with { Purpose = told.Purpose == RoundPurpose.Moments ? RoundPurpose.NewtonStep : RoundPurpose.Moments },
            told with { Committed = 9 }, told with { Participants = 9 }, told with { Excluded = 9 }, told with { KeySums = 3 },
        ];
        foreach (RoundMetadata lie in lies)
            Forgery.AssertFound(TranscriptLabels.Metadata, "tells of another round", With(lie));

        ReplayResult With(RoundMetadata metadata) => Forged((label, data) => label == TranscriptLabels.Metadata ? metadata.ToArray() : data);
    }

    [Fact]
    public void A_round_recorded_as_failed_whose_sum_decodes_is_found()
    {
        ReplayResult replay = Forged(
            (label, data) => label is TranscriptLabels.Model or TranscriptLabels.Outcome or TranscriptLabels.Metadata ? null : data, model: default(Digest), completed: false);
        Forgery.AssertFound("ledger", "its sum decodes", replay);
    }

    [Fact]
    public void A_failed_round_that_records_a_model_is_found()
    {
        using var play = new RoundPlay(_hospitals, new RoundId(1), _hospitals.InitialModel);
        play.Commit(_hospitals[1], play.Deal(_hospitals[1], new Dealer { SharesAnotherSecret = true }));
        var failed = Assert.IsType<RoundCompletion.Failed>(play.Finish());
        Assert.True(play.Replay(failed.Finalization).Verified);
        Assert.True(failed.Finalization.TryReadUnverified(out Finalization? finalization));
        SignedMessage forged = SignedMessage.Sign(
            finalization with { Model = Digest.Of("a model"u8) }, _hospitals.Agreement.Coordinator.Id, _hospitals.CoordinatorKey);
        play.Record(failed.Transcript, forged, completed: false);
        Forgery.AssertFound("finalization", "failed round", play.Replay(forged));
        // Nor does a finalised round without a model pass.
        play.Record(failed.Transcript, failed.Finalization, completed: true);
        Forgery.AssertFound(TranscriptLabels.Outcome, play.Replay(failed.Finalization));
    }

    [Fact]
    public void An_exclusion_that_does_not_follow_from_the_reports_is_found()
    {
        using var hospitals = new Hospitals(7);
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        var completed = Assert.IsType<RoundCompletion.Completed>(play.Finish());
        Assert.True(play.Closing!.TryReadUnverified(out RoundClosing? closing));
        SignedMessage forged = play.ForceClose(closing with
        {
            Participants = [.. closing.Participants.Skip(1)],
            Exclusions = [new Exclusion(closing.Participants[0], ExclusionReason.NotDelivered)],
        });
        ReplayResult replay = Forgery.Replay(
            play, completed.Transcript, (label, data) => label == TranscriptLabels.Closing ? forged.ToArray() : data, play.Ledger.Model, completed: true);
        Forgery.AssertFound(TranscriptLabels.Closing, "does not follow", replay);
    }

    [Fact]
    public void A_member_that_committed_and_is_neither_in_the_set_nor_excluded_is_found()
    {
        using var hospitals = new Hospitals(7);
        using var play = new RoundPlay(hospitals, new RoundId(0), hospitals.InitialModel);
        var completed = Assert.IsType<RoundCompletion.Completed>(play.Finish());
        Assert.True(play.Closing!.TryReadUnverified(out RoundClosing? closing));
        MemberId victim = closing.Participants[0];
        SignedMessage forged = play.ForceClose(closing with { Participants = [.. closing.Participants.Skip(1)] });
        // Nothing of it is left in the transcript either.
        string[] dropped = [TranscriptLabels.Manifest(victim), TranscriptLabels.Ciphertext(victim)];
        ReplayResult replay = Forgery.Replay(
            play, completed.Transcript, (label, data) => label == TranscriptLabels.Closing ? forged.ToArray() : dropped.Contains(label) ? null : data,
            play.Ledger.Model, completed: true);
        Forgery.AssertFound(TranscriptLabels.Closing, "not together those who committed", replay);
    }

    public void Dispose()
    {
        _play.Dispose();
        _hospitals.Dispose();
    }

    private ReplayResult Forged(Func<string, byte[], byte[]?> change, params (string Label, byte[] Data)[] added) =>
        Forgery.Replay(_play, _completed.Transcript, change, Digest.Of(_completed.Model.ToCanonicalBytes()), completed: true, added);

    private ReplayResult Forged(Func<string, byte[], byte[]?> change, Digest model, bool completed) =>
        Forgery.Replay(_play, _completed.Transcript, change, model, completed);

    private ReplayResult Outcome(Func<RoundOutcome, RoundOutcome> change) => Outcome(change, _completed.Model.ToCanonicalBytes());

    /// <summary>An outcome of the coordinator's own, and the model it names; without one, only the outcome and the ledger name it.</summary>
    private ReplayResult Outcome(Func<RoundOutcome, RoundOutcome> change, byte[]? model) =>
        Forgery.Outcome(_play, _completed.Transcript, change, model);

    private ReplayResult With(RecordedRound ledger)
    {
        _play.Ledger = ledger;
        return _play.Replay(_completed.Finalization);
    }
}
